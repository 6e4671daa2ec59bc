CREATE TABLE `idempotency_keys` (
	`key_hash` text PRIMARY KEY NOT NULL,
	`fingerprint` text NOT NULL,
	`subject` text NOT NULL,
	`claimed_at_ms` integer NOT NULL,
	`answer` text
);
--> statement-breakpoint
CREATE INDEX `idempotency_keys_claimed` ON `idempotency_keys` (`claimed_at_ms`);--> statement-breakpoint
CREATE TABLE `reported_openings` (
	`offer` text PRIMARY KEY NOT NULL,
	`session` text NOT NULL,
	`opens_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `reported_openings_by_time` ON `reported_openings` (`opens_at_ms`);--> statement-breakpoint
CREATE INDEX `reported_openings_by_session` ON `reported_openings` (`session`);--> statement-breakpoint
CREATE TABLE `reported_orders` (
	`id` text PRIMARY KEY NOT NULL,
	`session` text NOT NULL,
	`status` text NOT NULL,
	`due` integer NOT NULL,
	`units` integer NOT NULL,
	`seq` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `reported_orders_by_session` ON `reported_orders` (`session`);--> statement-breakpoint
CREATE TABLE `reporting_cursors` (
	`projection` text NOT NULL,
	`session` text NOT NULL,
	`seq` integer NOT NULL,
	PRIMARY KEY(`projection`, `session`)
);
--> statement-breakpoint
CREATE TABLE `session_summaries` (
	`session` text PRIMARY KEY NOT NULL,
	`seller` text NOT NULL,
	`creator` text,
	`contract` text,
	`title` text NOT NULL,
	`status` text NOT NULL,
	`currency` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`scheduled_at_ms` integer,
	`started_at_ms` integer,
	`ended_at_ms` integer,
	`reservations_held` integer NOT NULL,
	`reservations_expired` integer NOT NULL,
	`orders_placed` integer NOT NULL,
	`orders_authorized` integer NOT NULL,
	`orders_captured` integer NOT NULL,
	`orders_failed` integer NOT NULL,
	`orders_cancelled` integer NOT NULL,
	`orders_refunded` integer NOT NULL,
	`units_sold` integer NOT NULL,
	`captured` integer NOT NULL,
	`refunded` integer NOT NULL,
	`updated_at_ms` integer NOT NULL,
	`seq` integer NOT NULL,
	`active_seq` integer NOT NULL,
	`cooled_seq` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `session_summaries_by_seller` ON `session_summaries` (`seller`,`created_at_ms`,`session`);--> statement-breakpoint
CREATE INDEX `session_summaries_by_creator` ON `session_summaries` (`creator`,`created_at_ms`,`session`);--> statement-breakpoint
CREATE INDEX `session_summaries_scheduled` ON `session_summaries` (`scheduled_at_ms`);--> statement-breakpoint
CREATE INDEX `session_summaries_to_cool` ON `session_summaries` (`updated_at_ms`) WHERE status IN ('ended', 'cancelled') AND active_seq > cooled_seq;--> statement-breakpoint
CREATE TABLE `contract_versions` (
	`contract` text NOT NULL,
	`version` integer NOT NULL,
	`request` text NOT NULL,
	`terms` text NOT NULL,
	`effective_at_ms` integer NOT NULL,
	`created_at_ms` integer NOT NULL,
	PRIMARY KEY(`contract`, `version`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `contract_versions_request` ON `contract_versions` (`contract`,`request`);--> statement-breakpoint
CREATE TABLE `contracts` (
	`id` text PRIMARY KEY NOT NULL,
	`seller` text NOT NULL,
	`creator` text,
	`created_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `contracts_by_seller` ON `contracts` (`seller`,`id`);--> statement-breakpoint
CREATE INDEX `contracts_by_creator` ON `contracts` (`creator`,`id`);--> statement-breakpoint
CREATE TABLE `dead_letters` (
	`id` text PRIMARY KEY NOT NULL,
	`queue` text NOT NULL,
	`message` text NOT NULL,
	`body` text,
	`about` text NOT NULL,
	`received_at_ms` integer NOT NULL,
	`replayed_at_ms` integer,
	`replays` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `dead_letters_by_message` ON `dead_letters` (`queue`,`message`);--> statement-breakpoint
CREATE INDEX `dead_letters_by_time` ON `dead_letters` (`received_at_ms`,`id`);--> statement-breakpoint
CREATE INDEX `dead_letters_waiting` ON `dead_letters` (`received_at_ms`,`id`) WHERE replayed_at_ms IS NULL;--> statement-breakpoint
CREATE TABLE `ledger_balances` (
	`account` text NOT NULL,
	`currency` text NOT NULL,
	`amount` integer NOT NULL,
	PRIMARY KEY(`account`, `currency`)
);
--> statement-breakpoint
CREATE INDEX `ledger_balances_by_currency` ON `ledger_balances` (`currency`,`account`);--> statement-breakpoint
CREATE TABLE `ledger_days` (
	`party` text NOT NULL,
	`currency` text NOT NULL,
	`day` integer NOT NULL,
	`kind` text NOT NULL,
	`amount` integer NOT NULL,
	`transactions` integer NOT NULL,
	PRIMARY KEY(`party`, `currency`, `day`, `kind`)
);
--> statement-breakpoint
CREATE TABLE `ledger_entries` (
	`number` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`transaction` text NOT NULL,
	`account` text NOT NULL,
	`currency` text NOT NULL,
	`amount` integer NOT NULL,
	`order` text,
	`at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `ledger_entries_by_account` ON `ledger_entries` (`account`,`currency`,`number`);--> statement-breakpoint
CREATE INDEX `ledger_entries_by_time` ON `ledger_entries` (`account`,`currency`,`at_ms`);--> statement-breakpoint
CREATE INDEX `ledger_entries_by_transaction` ON `ledger_entries` (`transaction`);--> statement-breakpoint
CREATE INDEX `ledger_entries_by_order` ON `ledger_entries` (`order`) WHERE "order" IS NOT NULL;--> statement-breakpoint
CREATE TABLE `ledger_positions` (
	`account` text NOT NULL,
	`order` text NOT NULL,
	`currency` text NOT NULL,
	`amount` integer NOT NULL,
	PRIMARY KEY(`account`, `order`, `currency`)
);
--> statement-breakpoint
CREATE INDEX `ledger_positions_open` ON `ledger_positions` (`account`,`order`) WHERE amount <> 0;--> statement-breakpoint
CREATE TABLE `ledger_transactions` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`order` text,
	`event_seq` integer,
	`at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `ledger_transactions_by_order` ON `ledger_transactions` (`order`);--> statement-breakpoint
CREATE INDEX `ledger_transactions_by_time` ON `ledger_transactions` (`at_ms`,`id`);--> statement-breakpoint
CREATE TABLE `settled_orders` (
	`order` text PRIMARY KEY NOT NULL,
	`session` text NOT NULL,
	`seq` integer NOT NULL,
	`seller` text NOT NULL,
	`creator` text,
	`contract` text,
	`contract_version` integer,
	`currency` text NOT NULL,
	`total` integer NOT NULL,
	`captured` integer NOT NULL,
	`legs` text NOT NULL,
	`basis` text NOT NULL,
	`reserved` integer NOT NULL,
	`reserved_until_at_ms` integer,
	`returned` integer NOT NULL,
	`returned_legs` text NOT NULL,
	`returns` integer NOT NULL,
	`captured_at_ms` integer NOT NULL,
	`provider` text,
	`charge` text,
	`charged_at_ms` integer,
	`fee_amount` integer,
	`fee_currency` text
);
--> statement-breakpoint
CREATE INDEX `settled_orders_by_session` ON `settled_orders` (`session`,`seq`);--> statement-breakpoint
CREATE INDEX `settled_orders_uncharged` ON `settled_orders` (`captured_at_ms`) WHERE charged_at_ms IS NULL OR (captured > 0 AND fee_amount IS NULL);--> statement-breakpoint
CREATE INDEX `settled_orders_reserved` ON `settled_orders` (`reserved_until_at_ms`) WHERE reserved_until_at_ms IS NOT NULL;--> statement-breakpoint
CREATE TABLE `payment_accounts` (
	`party` text PRIMARY KEY NOT NULL,
	`provider` text NOT NULL,
	`account` text NOT NULL,
	`status` text NOT NULL,
	`country` text NOT NULL,
	`payout_interval` text NOT NULL,
	`payout_minimums` text NOT NULL,
	`next_payout_at_ms` integer,
	`created_at_ms` integer NOT NULL,
	`updated_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `payment_accounts_by_account` ON `payment_accounts` (`provider`,`account`);--> statement-breakpoint
CREATE INDEX `payment_accounts_payout_due` ON `payment_accounts` (`next_payout_at_ms`) WHERE next_payout_at_ms IS NOT NULL;--> statement-breakpoint
CREATE TABLE `payout_transfers` (
	`payout` text NOT NULL,
	`transfer` text NOT NULL,
	PRIMARY KEY(`payout`, `transfer`)
);
--> statement-breakpoint
CREATE INDEX `payout_transfers_by_transfer` ON `payout_transfers` (`transfer`);--> statement-breakpoint
CREATE TABLE `payouts` (
	`id` text PRIMARY KEY NOT NULL,
	`party` text NOT NULL,
	`currency` text NOT NULL,
	`amount` integer NOT NULL,
	`status` text NOT NULL,
	`provider` text,
	`account` text,
	`provider_id` text,
	`failure` text,
	`attempts` integer NOT NULL,
	`next_attempt_at_ms` integer,
	`created_at_ms` integer NOT NULL,
	`started_at_ms` integer,
	`updated_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `payouts_by_party` ON `payouts` (`party`,`created_at_ms`,`id`);--> statement-breakpoint
CREATE INDEX `payouts_by_time` ON `payouts` (`created_at_ms`,`id`);--> statement-breakpoint
CREATE INDEX `payouts_due` ON `payouts` (`next_attempt_at_ms`) WHERE next_attempt_at_ms IS NOT NULL;--> statement-breakpoint
CREATE TABLE `reversals` (
	`id` text PRIMARY KEY NOT NULL,
	`transfer` text NOT NULL,
	`party` text NOT NULL,
	`order` text NOT NULL,
	`currency` text NOT NULL,
	`amount` integer NOT NULL,
	`status` text NOT NULL,
	`provider` text,
	`account` text,
	`provider_id` text,
	`failure` text,
	`attempts` integer NOT NULL,
	`next_attempt_at_ms` integer,
	`created_at_ms` integer NOT NULL,
	`started_at_ms` integer,
	`updated_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `reversals_by_order` ON `reversals` (`order`,`party`);--> statement-breakpoint
CREATE INDEX `reversals_by_transfer` ON `reversals` (`transfer`);--> statement-breakpoint
CREATE INDEX `reversals_due` ON `reversals` (`next_attempt_at_ms`) WHERE next_attempt_at_ms IS NOT NULL;--> statement-breakpoint
CREATE TABLE `transfers` (
	`id` text PRIMARY KEY NOT NULL,
	`party` text NOT NULL,
	`order` text NOT NULL,
	`currency` text NOT NULL,
	`amount` integer NOT NULL,
	`status` text NOT NULL,
	`provider` text,
	`account` text,
	`provider_id` text,
	`failure` text,
	`attempts` integer NOT NULL,
	`next_attempt_at_ms` integer,
	`created_at_ms` integer NOT NULL,
	`started_at_ms` integer,
	`updated_at_ms` integer NOT NULL,
	`charge` text,
	`reversed` integer NOT NULL,
	`payout` text
);
--> statement-breakpoint
CREATE INDEX `transfers_by_party` ON `transfers` (`party`,`created_at_ms`,`id`);--> statement-breakpoint
CREATE INDEX `transfers_by_time` ON `transfers` (`created_at_ms`,`id`);--> statement-breakpoint
CREATE INDEX `transfers_by_order` ON `transfers` (`order`,`party`);--> statement-breakpoint
CREATE INDEX `transfers_waiting` ON `transfers` (`party`,`order`) WHERE status IN ('accrued', 'payable');--> statement-breakpoint
CREATE INDEX `transfers_due` ON `transfers` (`next_attempt_at_ms`) WHERE next_attempt_at_ms IS NOT NULL;--> statement-breakpoint
CREATE INDEX `transfers_not_paid_out` ON `transfers` (`party`,`currency`) WHERE status = 'paid' AND payout IS NULL;--> statement-breakpoint
CREATE TABLE `sandbox_accounts` (
	`id` text PRIMARY KEY NOT NULL,
	`party` text NOT NULL,
	`name` text NOT NULL,
	`enabled_at_ms` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `sandbox_accounts_party_unique` ON `sandbox_accounts` (`party`);--> statement-breakpoint
CREATE TABLE `sandbox_disputes` (
	`order` text PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`amount` integer NOT NULL,
	`currency` text NOT NULL,
	`fee` integer NOT NULL,
	`opened_at_ms` integer,
	`outcome` text,
	`decided_at_ms` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `sandbox_disputes_id_unique` ON `sandbox_disputes` (`id`);--> statement-breakpoint
CREATE TABLE `sandbox_lines` (
	`id` text PRIMARY KEY NOT NULL,
	`holder` text NOT NULL,
	`currency` text NOT NULL,
	`kind` text NOT NULL,
	`reference` text NOT NULL,
	`amount` integer NOT NULL,
	`fee` integer NOT NULL,
	`at_ms` integer NOT NULL,
	`number` integer,
	`balance` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `sandbox_lines_number_unique` ON `sandbox_lines` (`number`);--> statement-breakpoint
CREATE UNIQUE INDEX `sandbox_lines_by_holder` ON `sandbox_lines` (`holder`,`currency`,`number`);--> statement-breakpoint
CREATE INDEX `sandbox_lines_by_time` ON `sandbox_lines` (`holder`,`at_ms`,`number`);--> statement-breakpoint
CREATE TABLE `sandbox_payments` (
	`order` text PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`method` text NOT NULL,
	`amount` integer NOT NULL,
	`currency` text NOT NULL,
	`fee` integer NOT NULL,
	`status` text NOT NULL,
	`outcome` text NOT NULL,
	`settles_at_ms` integer NOT NULL,
	`captured_at_ms` integer
);
--> statement-breakpoint
CREATE TABLE `sandbox_payouts` (
	`id` text PRIMARY KEY NOT NULL,
	`reference` text NOT NULL,
	`account` text NOT NULL,
	`amount` integer NOT NULL,
	`currency` text NOT NULL,
	`done_at_ms` integer NOT NULL,
	`returns_at_ms` integer
);
--> statement-breakpoint
CREATE TABLE `sandbox_refunds` (
	`id` text PRIMARY KEY NOT NULL,
	`reference` text NOT NULL,
	`order` text NOT NULL,
	`amount` integer NOT NULL,
	`fails_at_ms` integer
);
--> statement-breakpoint
CREATE INDEX `sandbox_refunds_by_order` ON `sandbox_refunds` (`order`);--> statement-breakpoint
CREATE TABLE `sandbox_refusals` (
	`id` text PRIMARY KEY NOT NULL,
	`asked` text NOT NULL,
	`reason` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `sandbox_reversals` (
	`id` text PRIMARY KEY NOT NULL,
	`reference` text NOT NULL,
	`transfer` text NOT NULL,
	`amount` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `sandbox_reversals_by_transfer` ON `sandbox_reversals` (`transfer`);--> statement-breakpoint
CREATE TABLE `sandbox_transfers` (
	`id` text PRIMARY KEY NOT NULL,
	`reference` text NOT NULL,
	`order` text NOT NULL,
	`account` text NOT NULL,
	`amount` integer NOT NULL,
	`currency` text NOT NULL,
	`charge` text
);
--> statement-breakpoint
CREATE INDEX `sandbox_transfers_by_charge` ON `sandbox_transfers` (`charge`);--> statement-breakpoint
CREATE TABLE `stripe_requests` (
	`id` text PRIMARY KEY NOT NULL,
	`params` text NOT NULL,
	`object` text,
	`attempt` integer NOT NULL,
	`attempted_at_ms` integer NOT NULL,
	`refusal` text
);
--> statement-breakpoint
CREATE TABLE `provider_balances` (
	`provider` text NOT NULL,
	`currency` text NOT NULL,
	`amount` integer NOT NULL,
	PRIMARY KEY(`provider`, `currency`)
);
--> statement-breakpoint
CREATE TABLE `provider_entries` (
	`provider` text NOT NULL,
	`id` text NOT NULL,
	`kind` text NOT NULL,
	`reference` text,
	`item` text NOT NULL,
	`subject` text NOT NULL,
	`currency` text NOT NULL,
	`amount` integer NOT NULL,
	`fee_currency` text NOT NULL,
	`fee` integer NOT NULL,
	`at_ms` integer NOT NULL,
	`read_at_ms` integer NOT NULL,
	PRIMARY KEY(`provider`, `id`)
);
--> statement-breakpoint
CREATE INDEX `provider_entries_by_subject` ON `provider_entries` (`provider`,`item`,`subject`);--> statement-breakpoint
CREATE TABLE `reconciliation_cursors` (
	`provider` text PRIMARY KEY NOT NULL,
	`books_until_ms` integer NOT NULL,
	`reading_from_ms` integer,
	`reading_until_ms` integer,
	`ledger_number` integer NOT NULL,
	`ran_at_ms` integer
);
--> statement-breakpoint
CREATE TABLE `reconciliation_findings` (
	`id` text PRIMARY KEY NOT NULL,
	`provider` text NOT NULL,
	`kind` text NOT NULL,
	`about` text NOT NULL,
	`subject` text NOT NULL,
	`watched` integer NOT NULL,
	`currency` text NOT NULL,
	`provider_amount` integer NOT NULL,
	`provider_fee` integer NOT NULL,
	`provider_state` text,
	`ledger_amount` integer NOT NULL,
	`ledger_fee` integer NOT NULL,
	`ledger_state` text,
	`reason` text,
	`status` text NOT NULL,
	`first_seen_at_ms` integer NOT NULL,
	`last_seen_at_ms` integer NOT NULL,
	`resolved_at_ms` integer
);
--> statement-breakpoint
CREATE INDEX `reconciliation_findings_by_time` ON `reconciliation_findings` (`first_seen_at_ms`,`id`);--> statement-breakpoint
CREATE INDEX `reconciliation_findings_open` ON `reconciliation_findings` (`first_seen_at_ms`,`id`) WHERE status = 'open';--> statement-breakpoint
CREATE TABLE `reconciliation_items` (
	`provider` text NOT NULL,
	`kind` text NOT NULL,
	`subject` text NOT NULL,
	`currency` text NOT NULL,
	`provider_amount` integer NOT NULL,
	`provider_fee` integer NOT NULL,
	`provider_lines` integer NOT NULL,
	`ledger_amount` integer NOT NULL,
	`ledger_fee` integer NOT NULL,
	`ledger_entries` integer NOT NULL,
	`changed_at_ms` integer NOT NULL,
	`looked_at_ms` integer NOT NULL,
	PRIMARY KEY(`provider`, `kind`, `subject`, `currency`)
);
--> statement-breakpoint
CREATE INDEX `reconciliation_items_differing` ON `reconciliation_items` (`provider`,`looked_at_ms`) WHERE (provider_amount <> ledger_amount OR provider_fee <> ledger_fee);--> statement-breakpoint
CREATE TABLE `reconciliation_watches` (
	`provider` text NOT NULL,
	`kind` text NOT NULL,
	`subject` text NOT NULL,
	`next_look_at_ms` integer NOT NULL,
	PRIMARY KEY(`provider`, `kind`, `subject`)
);
--> statement-breakpoint
CREATE INDEX `reconciliation_watches_due` ON `reconciliation_watches` (`provider`,`next_look_at_ms`);--> statement-breakpoint
CREATE TABLE `disputes` (
	`id` text PRIMARY KEY NOT NULL,
	`provider` text NOT NULL,
	`provider_id` text NOT NULL,
	`order` text NOT NULL,
	`currency` text NOT NULL,
	`amount` integer NOT NULL,
	`fee_amount` integer NOT NULL,
	`fee_currency` text NOT NULL,
	`status` text NOT NULL,
	`reason` text NOT NULL,
	`legs` text NOT NULL,
	`opened_at_ms` integer NOT NULL,
	`updated_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `disputes_by_order` ON `disputes` (`order`);--> statement-breakpoint
CREATE INDEX `disputes_by_time` ON `disputes` (`opened_at_ms`,`id`);--> statement-breakpoint
CREATE TABLE `refunds` (
	`id` text PRIMARY KEY NOT NULL,
	`order` text NOT NULL,
	`currency` text NOT NULL,
	`amount` integer NOT NULL,
	`return_units` integer NOT NULL,
	`status` text NOT NULL,
	`provider` text NOT NULL,
	`provider_id` text,
	`failure` text,
	`replaced_by` text,
	`event_seq` integer,
	`attempts` integer NOT NULL,
	`next_attempt_at_ms` integer,
	`created_at_ms` integer NOT NULL,
	`updated_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `refunds_by_order` ON `refunds` (`order`);--> statement-breakpoint
CREATE INDEX `refunds_untold` ON `refunds` (`created_at_ms`) WHERE event_seq IS NULL;--> statement-breakpoint
CREATE INDEX `refunds_due` ON `refunds` (`next_attempt_at_ms`) WHERE next_attempt_at_ms IS NOT NULL;--> statement-breakpoint
CREATE TABLE `order_looks` (
	`order` text PRIMARY KEY NOT NULL,
	`looks` integer NOT NULL,
	`rests_until_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `order_looks_rests_until` ON `order_looks` (`rests_until_ms`);--> statement-breakpoint
CREATE TABLE `orders` (
	`id` text PRIMARY KEY NOT NULL,
	`session` text NOT NULL,
	`seller` text NOT NULL,
	`creator` text,
	`contract` text,
	`viewer` text NOT NULL,
	`reservation` text NOT NULL,
	`status` text NOT NULL,
	`currency` text NOT NULL,
	`total` integer NOT NULL,
	`due` integer NOT NULL,
	`refunded` integer NOT NULL,
	`payment_method` text NOT NULL,
	`payment_provider` text,
	`payment_id` text,
	`payment_pending` integer NOT NULL,
	`failure` text,
	`lines` text NOT NULL,
	`units` text NOT NULL,
	`refunds` text NOT NULL,
	`placed_at_ms` integer NOT NULL,
	`updated_at_ms` integer NOT NULL,
	`seq` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `orders_by_seller` ON `orders` (`seller`,`placed_at_ms`,`id`);--> statement-breakpoint
CREATE INDEX `orders_by_session` ON `orders` (`session`,`placed_at_ms`,`id`);--> statement-breakpoint
CREATE INDEX `orders_open` ON `orders` (`placed_at_ms`) WHERE status IN ('placed', 'authorized');--> statement-breakpoint
CREATE INDEX `orders_come_to_nothing` ON `orders` (`updated_at_ms`) WHERE failure IN ('hold_lost', 'capture_failed') OR (status = 'cancelled' AND due > 0);--> statement-breakpoint
CREATE TABLE `returned_payments` (
	`order` text PRIMARY KEY NOT NULL,
	`returned_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `settlement_cursors` (
	`projection` text NOT NULL,
	`session` text NOT NULL,
	`seq` integer NOT NULL,
	PRIMARY KEY(`projection`, `session`)
);
--> statement-breakpoint
CREATE TABLE `settlement_sessions` (
	`session` text PRIMARY KEY NOT NULL,
	`seller` text NOT NULL,
	`creator` text
);
--> statement-breakpoint
CREATE TABLE `api_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`secret_hash` text NOT NULL,
	`label` text NOT NULL,
	`seller_id` text,
	`creator_id` text,
	`created_at_ms` integer NOT NULL,
	`expires_at_ms` integer,
	`revoked_at_ms` integer,
	FOREIGN KEY (`seller_id`) REFERENCES `sellers`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`creator_id`) REFERENCES `creators`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "api_keys_one_owner" CHECK(("api_keys"."seller_id" IS NULL) <> ("api_keys"."creator_id" IS NULL))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `api_keys_secret_hash` ON `api_keys` (`secret_hash`);--> statement-breakpoint
CREATE INDEX `api_keys_seller` ON `api_keys` (`seller_id`,`id`);--> statement-breakpoint
CREATE INDEX `api_keys_creator` ON `api_keys` (`creator_id`,`id`);--> statement-breakpoint
CREATE TABLE `creators` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`handle` text NOT NULL,
	`email` text,
	`created_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `creators_handle` ON `creators` (`handle`);--> statement-breakpoint
CREATE TABLE `products` (
	`seller_id` text NOT NULL,
	`id` text NOT NULL,
	`handle` text NOT NULL,
	`title` text NOT NULL,
	`description` text NOT NULL,
	`vendor` text,
	`status` text NOT NULL,
	`tags` text NOT NULL,
	`images` text NOT NULL,
	`option_names` text NOT NULL,
	`variants` text NOT NULL,
	`content_hash` text NOT NULL,
	`updated_at_ms` integer NOT NULL,
	PRIMARY KEY(`seller_id`, `id`),
	FOREIGN KEY (`seller_id`) REFERENCES `sellers`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `products_handle` ON `products` (`seller_id`,`handle`);--> statement-breakpoint
CREATE TABLE `sellers` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`email` text,
	`created_at_ms` integer NOT NULL
);
