-- Orders. Amounts of one order share its currency, which is known when it is placed with a price, else when its
-- stock is reserved.
CREATE TABLE orders_order (
  order_id        BLOB    NOT NULL PRIMARY KEY CHECK (length(order_id) = 16),
  version         INTEGER NOT NULL CHECK (version >= 1),
  customer_id     BLOB    NOT NULL CHECK (length(customer_id) = 16),
  status          TEXT    NOT NULL CHECK (status IN ('placed', 'confirmed', 'shipped', 'delivered',
                                                     'returned', 'cancelling', 'cancelled')),
  reference       TEXT,
  currency        TEXT    CHECK (length(currency) = 3),
  freight_minor   INTEGER CHECK (freight_minor >= 0),
  total_minor     INTEGER CHECK (total_minor >= 0),
  ship_name       TEXT    NOT NULL,
  ship_street     TEXT    NOT NULL,
  ship_city       TEXT    NOT NULL,
  ship_region     TEXT,
  ship_postal_code TEXT,
  ship_country    TEXT    NOT NULL,
  carrier         TEXT,
  payment_id      BLOB    CHECK (length(payment_id) = 16),
  shipment_id     BLOB    CHECK (length(shipment_id) = 16),
  tracking_number TEXT,
  cancel_code     TEXT,
  cancel_reason   TEXT,
  placed_at       INTEGER NOT NULL,
  changed_at      INTEGER NOT NULL,
  CHECK (total_minor IS NULL OR currency IS NOT NULL),
  CHECK (freight_minor IS NULL OR currency IS NOT NULL)
) STRICT;

CREATE INDEX orders_order_by_customer ON orders_order (customer_id, order_id);

CREATE TABLE orders_line (
  order_id         BLOB    NOT NULL REFERENCES orders_order (order_id),
  line             INTEGER NOT NULL CHECK (line >= 0),
  product_id       BLOB    NOT NULL CHECK (length(product_id) = 16),
  quantity         INTEGER NOT NULL CHECK (quantity BETWEEN 1 AND 10000),
  discount_percent INTEGER NOT NULL CHECK (discount_percent BETWEEN 0 AND 100),
  price_minor      INTEGER CHECK (price_minor >= 0),  -- NULL until the stock is reserved, unless agreed upon
  total_minor      INTEGER CHECK (total_minor >= 0),
  PRIMARY KEY (order_id, line)
) STRICT, WITHOUT ROWID;

-- What happened to an order, besides the steps that its sagas record themselves.
CREATE TABLE orders_history (
  order_id BLOB    NOT NULL REFERENCES orders_order (order_id),
  entry    INTEGER NOT NULL CHECK (entry >= 0),
  at       INTEGER NOT NULL,
  step     TEXT    NOT NULL,
  outcome  TEXT    NOT NULL,
  detail   TEXT,
  PRIMARY KEY (order_id, entry)
) STRICT, WITHOUT ROWID;

-- The customers that users has told about: this module's own copy.
CREATE TABLE orders_customer (
  customer_id BLOB NOT NULL PRIMARY KEY CHECK (length(customer_id) = 16)
) STRICT, WITHOUT ROWID;
