-- Reports' rows are made anew from the journals: cursors are set back, and a session's next message brings all of it.
CREATE TABLE `reported_offers` (
	`session` text NOT NULL,
	`offer` text NOT NULL,
	`title` text NOT NULL,
	`units` integer NOT NULL,
	`opens_at_ms` integer,
	PRIMARY KEY(`session`, `offer`)
);
--> statement-breakpoint
CREATE INDEX `reported_offers_by_opening` ON `reported_offers` (`opens_at_ms`) WHERE opens_at_ms IS NOT NULL;--> statement-breakpoint
CREATE TABLE `reported_sales` (
	`session` text NOT NULL,
	`offer` text NOT NULL,
	`hour_at_ms` integer NOT NULL,
	`seller` text NOT NULL,
	`creator` text,
	`currency` text NOT NULL,
	`orders` integer NOT NULL,
	`orders_with` integer NOT NULL,
	`units` integer NOT NULL,
	`units_returned` integer NOT NULL,
	`captured` integer NOT NULL,
	`refunded` integer NOT NULL,
	PRIMARY KEY(`session`, `offer`, `hour_at_ms`)
);
--> statement-breakpoint
CREATE INDEX `reported_sales_by_seller` ON `reported_sales` (`seller`,`hour_at_ms`);--> statement-breakpoint
CREATE INDEX `reported_sales_by_creator` ON `reported_sales` (`creator`,`hour_at_ms`) WHERE creator IS NOT NULL;--> statement-breakpoint
CREATE TABLE `ledger_sessions` (
	`party` text NOT NULL,
	`session` text NOT NULL,
	`currency` text NOT NULL,
	`day` integer NOT NULL,
	`payable` integer NOT NULL,
	`transit` integer NOT NULL,
	`balance` integer NOT NULL,
	`reserve` integer NOT NULL,
	PRIMARY KEY(`party`, `session`, `currency`, `day`)
);
--> statement-breakpoint
INSERT INTO `ledger_sessions`
SELECT substr(e.account, instr(e.account, ':') + 1, instr(substr(e.account, instr(e.account, ':') + 1), ':') - 1),
	s.session, e.currency, e.at_ms / 86400000,
	sum(iif(e.account LIKE '%:payable', e.amount, 0)), sum(iif(e.account LIKE '%:transit', e.amount, 0)),
	sum(iif(e.account LIKE '%:balance', e.amount, 0)), sum(iif(e.account LIKE '%:reserve', e.amount, 0))
FROM `ledger_entries` e JOIN `settled_orders` s ON s.`order` = e.`order`
WHERE e.account LIKE 'seller:%' OR e.account LIKE 'creator:%' GROUP BY 1, 2, 3, 4;
--> statement-breakpoint
DELETE FROM `reporting_cursors`;--> statement-breakpoint
DROP TABLE `reported_openings`;--> statement-breakpoint
DROP TABLE `reported_orders`;--> statement-breakpoint
CREATE TABLE `reported_orders` (
	`id` text PRIMARY KEY NOT NULL,
	`session` text NOT NULL,
	`status` text NOT NULL,
	`parts` text NOT NULL,
	`seq` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `reported_orders_by_session` ON `reported_orders` (`session`);--> statement-breakpoint
ALTER TABLE `session_summaries` ADD `views` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `session_summaries` ADD `viewers_peak` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `session_summaries` ADD `taps` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `session_summaries` ADD `refused` integer DEFAULT 0 NOT NULL;
