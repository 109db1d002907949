#!/usr/bin/env python3
"""Code that clang-format would change is refused."""
import unittest

import format as formatting
import source_tree
from sample_tree import sample_tree

STYLE = source_tree.read(source_tree.PROJECT, ".clang-format")


def problems(text):
    with sample_tree({".clang-format": STYLE, "runtime/a/src/a.cpp": text}) as root:
        return formatting.problems(root)


class Format(unittest.TestCase):
    def test_unformatted_code_is_refused_with_its_place(self):
        found = problems("int f();\nint  g( ) ;\n")
        self.assertTrue(found)
        self.assertTrue(all(line.startswith("runtime/a/src/a.cpp:2:") for line in found), found)

    def test_formatted_code_is_accepted(self):
        self.assertEqual(problems("int f();\nint g();\n"), [])


if __name__ == "__main__":
    unittest.main()
