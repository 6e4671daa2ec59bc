CREATE TABLE `click_hours` (
	`link` text NOT NULL,
	`at_ms` integer NOT NULL,
	`clicks` integer NOT NULL,
	PRIMARY KEY(`link`, `at_ms`)
);
--> statement-breakpoint
CREATE TABLE `clicks` (
	`id` text PRIMARY KEY NOT NULL,
	`link` text NOT NULL,
	`at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `clicks_by_time` ON `clicks` (`at_ms`);--> statement-breakpoint
CREATE TABLE `links` (
	`id` text PRIMARY KEY NOT NULL,
	`code` text NOT NULL,
	`creator` text NOT NULL,
	`seller` text,
	`url` text,
	`session` text,
	`utm` text NOT NULL,
	`coupon` text,
	`created_at_ms` integer NOT NULL,
	`archived_at_ms` integer,
	FOREIGN KEY (`creator`) REFERENCES `creators`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`seller`) REFERENCES `sellers`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "links_one_target" CHECK(("links"."url" IS NULL) <> ("links"."session" IS NULL))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `links_code` ON `links` (`code`);--> statement-breakpoint
CREATE INDEX `links_creator` ON `links` (`creator`,`id`);--> statement-breakpoint
CREATE INDEX `links_seller` ON `links` (`seller`,`id`);