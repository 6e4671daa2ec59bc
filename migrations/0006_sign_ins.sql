CREATE TABLE `sign_ins` (
	`id` text PRIMARY KEY NOT NULL,
	`key_id` text NOT NULL,
	`session` text,
	`code_hash` text NOT NULL,
	`code_expires_at_ms` integer NOT NULL,
	`redeemed_at_ms` integer,
	`token_hash` text,
	`expires_at_ms` integer NOT NULL,
	`ended_at_ms` integer,
	`created_at_ms` integer NOT NULL,
	FOREIGN KEY (`key_id`) REFERENCES `api_keys`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `sign_ins_code_hash` ON `sign_ins` (`code_hash`);--> statement-breakpoint
CREATE UNIQUE INDEX `sign_ins_token_hash` ON `sign_ins` (`token_hash`);--> statement-breakpoint
CREATE INDEX `sign_ins_key` ON `sign_ins` (`key_id`,`id`);--> statement-breakpoint
CREATE INDEX `sign_ins_by_expiry` ON `sign_ins` (`expires_at_ms`);