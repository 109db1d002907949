#!/usr/bin/env python3
"""An outcome that is dropped without a reason is refused, however it is dropped."""
import unittest

import dropped
from sample_tree import sample_tree


def problems(text, path="runtime/a/src/a.cpp"):
    with sample_tree({path: text}) as root:
        return dropped.problems(root)


class Dropped(unittest.TestCase):
    def test_each_way_to_drop_one_is_refused(self):
        for line in ("  static_cast<void>(store.commit());", "  if (x) static_cast<void>(send(to));",
                     "  (void)store.commit();", "  std::ignore = store.commit();",
                     "  [[maybe_unused]] const auto done = store.commit();",
                     "  done.ok() ? say() : static_cast<void>(complain(done.error()));"):
            with self.subTest(line):
                self.assertEqual(problems(f"\n{line}\n"), [f"runtime/a/src/a.cpp:2: {dropped.REFUSAL}"])

    def test_a_reason_on_the_line_before_or_behind_it_is_enough(self):
        self.assertEqual(problems("// It is asked again.\nstatic_cast<void>(ask());\n"), [])
        self.assertEqual(problems("static_cast<void>(ask());  // it is asked again\n"), [])

    def test_a_reason_further_away_is_none(self):
        self.assertEqual(len(problems("// It is asked again.\n\nstatic_cast<void>(ask());\n")), 1)
        self.assertEqual(len(problems("static_cast<void>(ask());\n// It is asked again.\n")), 1)

    def test_tests_and_the_empty_statement_of_a_macro_are_left_alone(self):
        self.assertEqual(problems("static_cast<void>(ask());\n", "runtime/a/tests/a_test.cpp"), [])
        self.assertEqual(problems("((condition) ? static_cast<void>(0) : fail())\n"), [])


if __name__ == "__main__":
    unittest.main()
