-- Payments: one for an order. Amounts of a payment share its currency.
CREATE TABLE payments_payment (
  payment_id         BLOB    NOT NULL PRIMARY KEY CHECK (length(payment_id) = 16),
  version            INTEGER NOT NULL CHECK (version >= 1),
  order_id           BLOB    NOT NULL UNIQUE CHECK (length(order_id) = 16),
  customer_id        BLOB    NOT NULL CHECK (length(customer_id) = 16),
  state              TEXT    NOT NULL CHECK (state IN ('authorised', 'captured', 'voided', 'refunded')),
  amount_minor       INTEGER NOT NULL CHECK (amount_minor >= 0),
  refunded_minor     INTEGER NOT NULL DEFAULT 0 CHECK (refunded_minor BETWEEN 0 AND amount_minor),
  currency           TEXT    NOT NULL CHECK (length(currency) = 3),
  provider           TEXT    NOT NULL,
  provider_reference TEXT,
  authorised_at      INTEGER NOT NULL,
  captured_at        INTEGER,
  changed_at         INTEGER NOT NULL,
  CHECK (refunded_minor = 0 OR captured_at IS NOT NULL)
) STRICT;

-- Orders whose payment was voided before there was one: they get none any more.
CREATE TABLE payments_closed_order (
  order_id  BLOB    NOT NULL PRIMARY KEY CHECK (length(order_id) = 16),
  closed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Refunds, those of nothing too, so that a repeat finds its answer. `refunded_minor` is what had been given
-- back of the payment then, with this refund.
CREATE TABLE payments_refund (
  payment_id     BLOB    NOT NULL REFERENCES payments_payment (payment_id),
  refund_id      BLOB    NOT NULL UNIQUE CHECK (length(refund_id) = 16),
  amount_minor   INTEGER NOT NULL CHECK (amount_minor >= 0),
  refunded_minor INTEGER NOT NULL CHECK (refunded_minor >= amount_minor),
  reason         TEXT,
  refunded_at    INTEGER NOT NULL,
  PRIMARY KEY (payment_id, refund_id)
) STRICT, WITHOUT ROWID;

-- Invoices. The number is the row's key: one more than the greatest, in the transaction that issues the
-- invoice.
CREATE TABLE payments_invoice (
  number      INTEGER PRIMARY KEY CHECK (number >= 1),
  invoice_id  BLOB    NOT NULL UNIQUE CHECK (length(invoice_id) = 16),
  order_id    BLOB    NOT NULL UNIQUE CHECK (length(order_id) = 16),
  payment_id  BLOB    NOT NULL REFERENCES payments_payment (payment_id),
  customer_id BLOB    NOT NULL CHECK (length(customer_id) = 16),
  total_minor INTEGER NOT NULL CHECK (total_minor >= 0),
  currency    TEXT    NOT NULL CHECK (length(currency) = 3),
  issued_at   INTEGER NOT NULL
) STRICT;
