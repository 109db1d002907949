-- Shipments: one for an order.
CREATE TABLE shipping_shipment (
  shipment_id     BLOB    NOT NULL PRIMARY KEY CHECK (length(shipment_id) = 16),
  version         INTEGER NOT NULL CHECK (version >= 1),
  order_id        BLOB    NOT NULL UNIQUE CHECK (length(order_id) = 16),
  customer_id     BLOB    NOT NULL CHECK (length(customer_id) = 16),
  carrier         TEXT    NOT NULL,
  tracking_number TEXT    NOT NULL,
  state           TEXT    NOT NULL CHECK (state IN ('created', 'picked_up', 'in_transit', 'delivered',
                                                    'returned', 'cancelled')),
  units           INTEGER NOT NULL CHECK (units > 0),
  name            TEXT    NOT NULL,
  street          TEXT    NOT NULL,
  city            TEXT    NOT NULL,
  region          TEXT,
  postal_code     TEXT,
  country         TEXT    NOT NULL
) STRICT;

-- The states that a shipment reached, in order. It reaches each at most once.
CREATE TABLE shipping_tracking (
  shipment_id BLOB    NOT NULL REFERENCES shipping_shipment (shipment_id),
  entry       INTEGER NOT NULL CHECK (entry >= 1),
  state       TEXT    NOT NULL CHECK (state IN ('created', 'picked_up', 'in_transit', 'delivered', 'returned',
                                                'cancelled')),
  at          INTEGER NOT NULL,
  PRIMARY KEY (shipment_id, entry)
) STRICT, WITHOUT ROWID;
