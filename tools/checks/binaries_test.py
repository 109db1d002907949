#!/usr/bin/env python3
"""A binary that holds another module's code is refused."""
import unittest

import binaries

DEFINED = {"orders": {"place", "shared"}, "payments": {"capture", "shared"}}


def problems(**linked):
    programs = {name.replace("_", "-"): symbols for name, symbols in linked.items()}
    return list(binaries.problems(DEFINED, programs))


class Binaries(unittest.TestCase):
    def test_another_modules_function_is_refused(self):
        found = problems(banyan_orders={"main", "place", "capture"})
        self.assertEqual(found, ["banyan-orders holds 1 functions of payments, such as capture"])

    def test_a_gateway_with_a_modules_function_is_refused(self):
        self.assertEqual(len(problems(banyan_gateway={"main", "place"})), 1)

    def test_a_binary_without_its_module_is_refused(self):
        self.assertEqual(problems(banyan_orders={"main"}), ["banyan-orders does not hold its own module"])

    def test_ones_own_module_and_what_is_shared_are_accepted(self):
        found = problems(banyan_orders={"main", "place", "shared"}, banyan_gateway={"main", "shared"})
        self.assertEqual(found, [])


if __name__ == "__main__":
    unittest.main()
