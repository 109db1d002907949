#!/usr/bin/env python3
"""A reason that stands only in the code, or only on the page, or with another code, is refused."""
import unittest

import reasons
from sample_tree import sample_tree

SOURCE = "runtime/store/src/a.cpp"
FULL = 'return Error{Errc::resource_exhausted, "store.full", detail};\n'
FULL_ROW = "| `store.full` | `resource_exhausted` | no space |\n"


def problems(code, page, path=SOURCE):
    with sample_tree({path: code, reasons.PAGE: page}) as root:
        return reasons.problems(root)


class Reasons(unittest.TestCase):
    def test_a_reason_that_is_raised_and_listed_is_accepted(self):
        self.assertEqual(problems(FULL + FULL, FULL_ROW), [])
        self.assertEqual(problems('fail(Errc::conflict,\n  "a.b");', "| `a.b` | `conflict` | why |\n"), [])

    def test_a_reason_that_is_not_listed_is_refused_at_the_first_place_that_raises_it(self):
        self.assertEqual(problems("\n" + FULL + FULL, ""),
                         [f"{SOURCE}:2: store.full (resource_exhausted) is not listed in {reasons.PAGE}"])

    def test_a_row_that_nothing_raises_is_refused(self):
        self.assertEqual(problems("", "\n" + FULL_ROW),
                         [f"{reasons.PAGE}:2: nothing raises store.full (resource_exhausted)"])

    def test_a_row_with_another_code_is_refused(self):
        self.assertEqual(len(problems(FULL, FULL_ROW.replace("resource_exhausted", "conflict"))), 2)

    def test_a_row_names_all_codes_of_its_reason(self):
        both = FULL + FULL.replace("resource_exhausted", "conflict")
        self.assertEqual(problems(both, FULL_ROW.replace("d` |", "d`, `conflict` |")), [])
        self.assertEqual(len(problems(both, FULL_ROW)), 1)

    def test_comments_and_tests_raise_nothing(self):
        self.assertEqual(problems("// " + FULL, ""), [])
        self.assertEqual(problems(FULL, "", "runtime/store/tests/a_test.cpp"), [])

    def test_a_missing_page_lists_nothing(self):
        with sample_tree({SOURCE: FULL}) as root:
            self.assertEqual(len(reasons.problems(root)), 1)


if __name__ == "__main__":
    unittest.main()
