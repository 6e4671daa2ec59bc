CREATE TABLE `idempotency_keys` (
	`key_hash` text PRIMARY KEY NOT NULL,
	`fingerprint` text NOT NULL,
	`subject` text NOT NULL,
	`claimed_at_ms` integer NOT NULL,
	`answer` text
);
--> statement-breakpoint
CREATE INDEX `idempotency_keys_claimed` ON `idempotency_keys` (`claimed_at_ms`);--> statement-breakpoint
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
	`seq` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `session_summaries_by_seller` ON `session_summaries` (`seller`,`created_at_ms`,`session`);--> statement-breakpoint
CREATE INDEX `session_summaries_by_creator` ON `session_summaries` (`creator`,`created_at_ms`,`session`);--> statement-breakpoint
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
CREATE TABLE `sandbox_payments` (
	`order` text PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`method` text NOT NULL,
	`amount` integer NOT NULL,
	`currency` text NOT NULL,
	`status` text NOT NULL,
	`outcome` text NOT NULL,
	`settles_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `sandbox_refunds` (
	`id` text PRIMARY KEY NOT NULL,
	`order` text NOT NULL,
	`amount` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `sandbox_refunds_by_order` ON `sandbox_refunds` (`order`);--> statement-breakpoint
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
CREATE TABLE `contracts` (
	`id` text PRIMARY KEY NOT NULL,
	`seller_id` text NOT NULL,
	`creator_id` text NOT NULL,
	`currency` text NOT NULL,
	`platform_basis_points` integer NOT NULL,
	`creator_basis_points` integer NOT NULL,
	`starts_at_ms` integer,
	`ends_at_ms` integer,
	`note` text,
	`created_at_ms` integer NOT NULL,
	FOREIGN KEY (`seller_id`) REFERENCES `sellers`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`creator_id`) REFERENCES `creators`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `contracts_seller` ON `contracts` (`seller_id`,`id`);--> statement-breakpoint
CREATE INDEX `contracts_creator` ON `contracts` (`creator_id`,`id`);--> statement-breakpoint
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
