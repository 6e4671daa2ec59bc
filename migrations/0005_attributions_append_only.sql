-- To whom an order is attributed is decided once: what was decided stays as it is, whatever the rules say later.
CREATE TRIGGER attributions_are_not_changed BEFORE UPDATE ON attributions
BEGIN SELECT RAISE(ABORT, 'attributions are append-only'); END;
--> statement-breakpoint
CREATE TRIGGER attributions_are_not_deleted BEFORE DELETE ON attributions
BEGIN SELECT RAISE(ABORT, 'attributions are append-only'); END;
