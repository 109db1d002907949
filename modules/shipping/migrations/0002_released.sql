-- The carrier gets a shipment once its order is confirmed: 1. Those that are there already may have been picked
-- up.
ALTER TABLE shipping_shipment ADD COLUMN is_released INTEGER NOT NULL DEFAULT 1;
