CREATE TABLE `attributions` (
	`order` text PRIMARY KEY NOT NULL,
	`creator` text,
	`link` text,
	`placed_at_ms` integer NOT NULL,
	`decision` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `attributions_by_link` ON `attributions` (`link`,`placed_at_ms`) WHERE link IS NOT NULL;