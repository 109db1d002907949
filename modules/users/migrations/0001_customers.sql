-- Customers. The e-mail address is kept as it was written, and folded for comparison.
CREATE TABLE users_customer (
  customer_id   BLOB    NOT NULL PRIMARY KEY CHECK (length(customer_id) = 16),
  version       INTEGER NOT NULL CHECK (version >= 1),
  name          TEXT    NOT NULL,
  email         TEXT    NOT NULL,
  email_folded  TEXT    NOT NULL UNIQUE,
  password_hash TEXT,                       -- Argon2id in libsodium's own notation; NULL: no password yet
  phone         TEXT,
  street        TEXT,
  city          TEXT,
  region        TEXT,
  postal_code   TEXT,
  country       TEXT,
  registered_at INTEGER NOT NULL,
  changed_at    INTEGER NOT NULL,
  CHECK ((street IS NULL) = (city IS NULL) AND (street IS NULL) = (country IS NULL))
) STRICT;
