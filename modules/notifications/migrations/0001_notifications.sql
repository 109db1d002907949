-- How to reach a customer: this module's own copy of what users tells.
CREATE TABLE notifications_contact (
  customer_id BLOB    NOT NULL PRIMARY KEY CHECK (length(customer_id) = 16),
  version     INTEGER NOT NULL CHECK (version >= 1),
  name        TEXT    NOT NULL,
  email       TEXT    NOT NULL,
  phone       TEXT
) STRICT;

CREATE TABLE notifications_notification (
  notification_id BLOB    NOT NULL PRIMARY KEY CHECK (length(notification_id) = 16),
  customer_id     BLOB    NOT NULL CHECK (length(customer_id) = 16),
  order_id        BLOB    CHECK (length(order_id) = 16),
  template        TEXT    NOT NULL CHECK (template IN ('order_confirmed', 'order_cancelled', 'stock_released',
                                                       'invoice_issued', 'payment_refunded',
                                                       'shipment_picked_up', 'shipment_delivered',
                                                       'shipment_returned')),
  channel         TEXT    NOT NULL CHECK (channel IN ('email', 'sms', 'push')),
  recipient       TEXT,                     -- NULL: the customer is not known yet
  subject         TEXT    NOT NULL,
  body            TEXT    NOT NULL,
  state           TEXT    NOT NULL CHECK (state IN ('pending', 'sent', 'failed')),
  failure         TEXT    CHECK ((failure IS NOT NULL) = (state = 'failed')),
  created_at      INTEGER NOT NULL,
  sent_at         INTEGER CHECK ((sent_at IS NOT NULL) = (state = 'sent'))
) STRICT;

CREATE INDEX notifications_notification_by_customer
  ON notifications_notification (customer_id, notification_id);
CREATE INDEX notifications_notification_by_order
  ON notifications_notification (order_id, notification_id);
CREATE INDEX notifications_notification_waiting
  ON notifications_notification (customer_id, notification_id) WHERE recipient IS NULL;
