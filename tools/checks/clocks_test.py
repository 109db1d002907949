#!/usr/bin/env python3
"""Each way to read a clock of the system is refused in the product, and accepted where it belongs."""
import unittest

import clocks
from sample_tree import sample_tree

READS = [
    "std::chrono::system_clock::now();",
    "std::chrono::steady_clock::now();",
    "std::chrono::high_resolution_clock :: now ();",
    "Time::clock::now();",
    "clock_gettime(CLOCK_REALTIME, &at);",
    "gettimeofday(&at, nullptr);",
    "timespec_get(&at, TIME_UTC);",
    "const auto at = time(nullptr);",
    "const auto at = std::time(0);",
    "::time(&at);",
    "tx.execute(\"INSERT INTO a VALUES (unixepoch('now'))\");",
    "tx.execute(\"SELECT strftime('%s', 'now')\");",
    "at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP",
]
OTHERS = [
    "clock.now();",
    "environment_.clock.utc();",
    "SystemClock{}.now();",
    "using TimePoint = std::chrono::steady_clock::time_point;",
    "envelope.time(0);",
    "out.time(Name::ce_time, value);",
    "// std::chrono::system_clock::now() is not for here",
    "to_time(nullptr);",
]


def problems(path, text):
    with sample_tree({path: text}) as root:
        return clocks.problems(root)


class Clocks(unittest.TestCase):
    def test_each_way_to_read_one_is_refused_in_the_product(self):
        for read in READS:
            for path in ("runtime/a/src/a.cpp", "runtime/a/include/banyan/a/a.hpp", "modules/a/src/a.cpp",
                         "modules/a/migrations/0001_a.sql", "tools/a/src/a.cpp"):
                with self.subTest(read, path=path):
                    found = problems(path, f"\n{read}\n")
                    self.assertEqual(len(found), 1)
                    self.assertTrue(found[0].startswith(f"{path}:2: "))

    def test_the_one_reader_and_tests_are_free(self):
        for path in (clocks.READER, "runtime/a/tests/a_test.cpp", "tests/bench/a.cpp"):
            for read in READS:
                self.assertEqual(problems(path, read), [])

    def test_what_only_looks_like_one_is_accepted(self):
        for other in OTHERS:
            with self.subTest(other):
                self.assertEqual(problems("runtime/a/src/a.cpp", other), [])


if __name__ == "__main__":
    unittest.main()
