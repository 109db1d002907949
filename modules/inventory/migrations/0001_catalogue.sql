-- The catalogue. `position` is the stable rowid that the full-text index refers to.
CREATE TABLE inventory_product (
  position    INTEGER PRIMARY KEY,
  product_id  BLOB    NOT NULL UNIQUE CHECK (length(product_id) = 16),
  sku         TEXT    NOT NULL UNIQUE,
  name        TEXT    NOT NULL,
  description TEXT,
  category    TEXT    NOT NULL,
  price_minor INTEGER NOT NULL CHECK (price_minor >= 0),
  currency    TEXT    NOT NULL CHECK (length(currency) = 3),
  added_at    INTEGER NOT NULL,
  changed_at  INTEGER NOT NULL
) STRICT;

CREATE INDEX inventory_product_by_category ON inventory_product (category, position);

-- The stock, apart from the catalogue because it changes with every order. `version` counts the changes of
-- both.
CREATE TABLE inventory_stock (
  product_id BLOB    NOT NULL PRIMARY KEY REFERENCES inventory_product (product_id),
  version    INTEGER NOT NULL CHECK (version >= 1),
  available  INTEGER NOT NULL CHECK (available >= 0),
  reserved   INTEGER NOT NULL CHECK (reserved >= 0),
  sold       INTEGER NOT NULL CHECK (sold >= 0)
) STRICT, WITHOUT ROWID;

-- Full-text index over the catalogue; rowid = position. Written by what writes inventory_product:
-- a trigger may not, because the schema is not trusted.
CREATE VIRTUAL TABLE inventory_search USING fts5(
  sku, name, description, category,
  tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);

-- What orders hold. An order that was released before it held anything has a row without a customer and
-- without lines: it cannot hold anything any more.
CREATE TABLE inventory_reservation (
  order_id    BLOB    NOT NULL PRIMARY KEY CHECK (length(order_id) = 16),
  customer_id BLOB    CHECK (length(customer_id) = 16),
  state       TEXT    NOT NULL CHECK (state IN ('held', 'consumed', 'released', 'expired')),
  expires_at  INTEGER NOT NULL,
  changed_at  INTEGER NOT NULL,
  CHECK (customer_id IS NOT NULL OR state = 'released')
) STRICT, WITHOUT ROWID;

CREATE INDEX inventory_reservation_by_expiry ON inventory_reservation (expires_at) WHERE state = 'held';

CREATE TABLE inventory_reservation_line (
  order_id    BLOB    NOT NULL REFERENCES inventory_reservation (order_id),
  line        INTEGER NOT NULL CHECK (line >= 0),
  product_id  BLOB    NOT NULL REFERENCES inventory_product (product_id),
  quantity    INTEGER NOT NULL CHECK (quantity > 0),
  price_minor INTEGER NOT NULL CHECK (price_minor >= 0),
  currency    TEXT    NOT NULL CHECK (length(currency) = 3),
  PRIMARY KEY (order_id, line)
) STRICT, WITHOUT ROWID;

-- Units that a confirmed order lacks because its hold had expired and the stock had gone: for people
-- to resolve.
CREATE TABLE inventory_shortfall (
  order_id    BLOB    NOT NULL REFERENCES inventory_reservation (order_id),
  product_id  BLOB    NOT NULL REFERENCES inventory_product (product_id),
  quantity    INTEGER NOT NULL CHECK (quantity > 0),
  recorded_at INTEGER NOT NULL,
  PRIMARY KEY (order_id, product_id)
) STRICT, WITHOUT ROWID;
