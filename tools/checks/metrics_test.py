#!/usr/bin/env python3
"""A metric that stands only in the code, or only on the page, is refused."""
import unittest

import metrics
from sample_tree import sample_tree

DECLARED = 'inline constexpr Metric depth{"banyan_depth", "Rows."};\n'
ROW = "| `banyan_depth` | gauge | | rows |\n"


def problems(code, page):
    with sample_tree({metrics.NAMES: code, metrics.PAGE: page}) as root:
        return metrics.problems(root)


class Metrics(unittest.TestCase):
    def test_a_metric_that_is_declared_and_listed_is_accepted(self):
        self.assertEqual(problems(DECLARED, ROW), [])
        self.assertEqual(problems('inline constexpr Metric depth{\n    "banyan_depth", "Rows."};', ROW), [])

    def test_a_metric_that_is_not_listed_is_refused(self):
        self.assertEqual(problems("\n" + DECLARED, ""),
                         [f"{metrics.NAMES}:2: banyan_depth is not listed in {metrics.PAGE}"])

    def test_a_row_of_no_metric_is_refused(self):
        self.assertEqual(problems("", "\n" + ROW), [f"{metrics.PAGE}:2: there is no metric banyan_depth"])

    def test_other_tables_are_no_rows(self):
        self.assertEqual(problems("", "| `log.level` | choice | |\n"), [])


if __name__ == "__main__":
    unittest.main()
