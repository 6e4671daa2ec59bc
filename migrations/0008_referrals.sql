ALTER TABLE `settled_orders` ADD `guest` text;--> statement-breakpoint
ALTER TABLE `creators` ADD `viewer` text;--> statement-breakpoint
CREATE INDEX `creators_viewer` ON `creators` (`viewer`) WHERE viewer IS NOT NULL;