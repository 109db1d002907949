#!/usr/bin/env python3
"""SQL and contracts that reach for another owner's things are refused."""
import unittest

import ownership
from sample_tree import sample_tree

REFUSED_SQL = [
    "SELECT a FROM inventory_stock",
    "SELECT a FROM orders_line JOIN inventory_stock USING (id)",
    "SELECT a FROM orders_line AS l, inventory_stock s WHERE 1",
    "SELECT a FROM orders_line WHERE b IN (SELECT c FROM inventory_stock)",
    "WITH x AS (SELECT a FROM inventory_stock) SELECT a FROM x",
    "INSERT INTO inventory_stock VALUES (1)",
    "INSERT OR IGNORE INTO inventory_stock (a) VALUES (1)",
    "UPDATE inventory_stock SET a = 1",
    "UPDATE OR ROLLBACK inventory_stock SET a = 1",
    "DELETE FROM banyan_outbox",
    'DELETE FROM "banyan_outbox"',
    "CREATE TABLE stock (a)",
    "CREATE TABLE IF NOT EXISTS order_line (a)",
    "CREATE TABLE orders_line (a REFERENCES inventory_product (b))",
    "CREATE INDEX by_age ON orders_line (age)",
    "CREATE UNIQUE INDEX orders_by_age ON inventory_stock (age)",
    "CREATE TRIGGER orders_changed AFTER UPDATE OF a, b ON inventory_stock BEGIN SELECT 1; END",
    "DROP TABLE IF EXISTS inventory_stock",
    "ATTACH 'inventory.db' AS other",
    "SELECT a FROM main.orders_line",
    "SELECT name FROM sqlite_schema",
]
ACCEPTED_SQL = [
    "SELECT a FROM orders_line",
    "SELECT a FROM orders_line l JOIN orders_order AS o ON o.id = l.order_id",
    "WITH RECURSIVE days(d) AS (SELECT 1 UNION SELECT d + 1 FROM days) SELECT d FROM days, orders_line",
    "INSERT INTO orders_line (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET a = excluded.a",
    "CREATE TABLE orders_line (a INTEGER PRIMARY KEY REFERENCES orders_order (b) ON DELETE CASCADE) STRICT",
    "CREATE TRIGGER orders_changed AFTER UPDATE ON orders_line BEGIN DELETE FROM orders_copy; END",
    "SELECT value FROM json_each(?1)",
    "SELECT a FROM orders_line WHERE a IS NOT DISTINCT FROM b",
    "-- FROM inventory_stock\nSELECT a FROM orders_line",
]


def problems(path, text):
    with sample_tree({path: text}) as root:
        return ownership.problems(root)


class Sql(unittest.TestCase):
    def test_another_owners_tables_are_refused_everywhere(self):
        for sql in REFUSED_SQL:
            with self.subTest(sql):
                self.assertTrue(problems("modules/orders/migrations/0001_a.sql", sql + ";"))
                self.assertTrue(problems("modules/orders/src/a.cpp", f'tx.execute(R"({sql})");'))
                plain = sql.replace('"', '\\"').replace("\n", "\\n")
                self.assertTrue(problems("modules/orders/tests/a_dbtest.cpp", f'tx.execute("{plain}");'))

    def test_a_modules_own_tables_are_accepted(self):
        for sql in ACCEPTED_SQL:
            with self.subTest(sql):
                self.assertEqual(problems("modules/orders/migrations/0001_a.sql", sql + ";"), [])
                self.assertEqual(problems("modules/orders/src/a.cpp", f'tx.execute(R"({sql})");'), [])

    def test_sql_that_could_hide_a_table_is_refused(self):
        for sql in ("select a from orders_line", "insert into orders_line", "update orders_line set a = 1"):
            self.assertTrue(problems("modules/orders/src/a.cpp", f'tx.execute("{sql}");'))

    def test_the_runtime_owns_only_its_own_tables(self):
        self.assertTrue(problems("runtime/delivery/src/a.cpp", '"SELECT a FROM orders_line"'))
        self.assertEqual(problems("runtime/delivery/src/a.cpp", '"SELECT a FROM banyan_outbox"'), [])
        self.assertEqual(problems("runtime/store/src/a.cpp", '"SELECT name FROM sqlite_schema"'), [])

    def test_nobody_around_a_module_writes_its_tables(self):
        own = {"modules/orders/migrations/0001_a.sql": "CREATE TABLE orders_line (a);"}
        for path in ("tests/split/a_test.cpp", "tools/demo/src/a.cpp"):
            for sql, is_refused in (("INSERT INTO orders_line (a) VALUES (1)", True),
                                    ("UPDATE OR IGNORE orders_line SET a = 1", True),
                                    ("DELETE FROM orders_line", True), ("DROP TABLE orders_line", True),
                                    ("SELECT a FROM orders_line", False), ("INSERT INTO sample_line", False)):
                with self.subTest(path=path, sql=sql), sample_tree({path: f'"{sql}"', **own}) as root:
                    self.assertEqual(ownership.problems(root) != [], is_refused)

    def test_prose_is_not_sql(self):
        for text in ('"the order was taken from the customer"', '"select a module"', '"MAIL FROM:<a@b>"'):
            self.assertEqual(problems("modules/orders/src/a.cpp", text), [])

    def test_a_violation_names_its_line(self):
        self.assertEqual(problems("modules/orders/migrations/0001_a.sql", "SELECT 1;\nDELETE FROM stock;\n"),
                         ["modules/orders/migrations/0001_a.sql:2: "
                          "'orders' does not own stock: its names begin with orders_"])


class Contracts(unittest.TestCase):
    PATH = "modules/orders/contract/orders.asyncapi.yaml"

    def test_another_modules_names_are_refused(self):
        self.assertTrue(problems(self.PATH, "A: {name: payments.place_order.v1}"))
        self.assertTrue(problems(self.PATH, "commands:\n  address: payments.commands\n"))

    def test_a_modules_own_names_are_accepted(self):
        text = "address: orders.commands\nA: {name: orders.place_order.v1}\n"
        self.assertEqual(problems(self.PATH, text), [])


if __name__ == "__main__":
    unittest.main()
