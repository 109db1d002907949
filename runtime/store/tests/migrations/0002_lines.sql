CREATE TABLE example_line (
  order_id INTEGER NOT NULL REFERENCES example_order (id),
  line     INTEGER NOT NULL,
  PRIMARY KEY (order_id, line)
) STRICT, WITHOUT ROWID;

INSERT INTO example_order (id) VALUES (1);
