-- Notifications that the sender has not taken: when it is asked again, and what it said. A row goes when its
-- notification is sent or has failed. Times are microseconds for which the store has been open.
CREATE TABLE notifications_waiting (
  notification_id BLOB    NOT NULL PRIMARY KEY CHECK (length(notification_id) = 16),
  since           INTEGER NOT NULL,
  attempts        INTEGER NOT NULL CHECK (attempts >= 0),    -- that were made
  delay           INTEGER NOT NULL CHECK (delay >= 0),       -- microseconds, after the latest deferral; 0: none
  next_at         INTEGER NOT NULL,
  is_asked        INTEGER NOT NULL CHECK (is_asked IN (0, 1)),  -- the command that hands it over is under way
  answer          TEXT    NOT NULL,
  bytes           INTEGER NOT NULL CHECK (bytes >= 0)
) STRICT;

CREATE INDEX notifications_waiting_by_time ON notifications_waiting (is_asked, next_at, bytes);
