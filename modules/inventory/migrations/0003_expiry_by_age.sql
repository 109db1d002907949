-- When held units go back is counted in microseconds for which the store has been open: no setting of a clock
-- ends a hold. expires_at tells people when that will be.
ALTER TABLE inventory_reservation ADD COLUMN expires INTEGER NOT NULL DEFAULT 900000000;
DROP INDEX inventory_reservation_by_expiry;
CREATE INDEX inventory_reservation_by_expiry ON inventory_reservation (expires) WHERE state = 'held';
