-- A click is counted when its row is new, in the same step: a message that comes again finds the row, and counts nothing.
CREATE TRIGGER clicks_are_counted AFTER INSERT ON clicks
BEGIN
  INSERT INTO click_hours (link, at_ms, clicks) VALUES (NEW.link, NEW.at_ms - NEW.at_ms % 3600000, 1)
  ON CONFLICT (link, at_ms) DO UPDATE SET clicks = clicks + 1;
END;
