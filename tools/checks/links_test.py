#!/usr/bin/env python3
"""A document that names what does not exist is refused."""
import unittest

import links
from sample_tree import sample_tree

PROJECT = {"runtime/base/README.md": "# base\n\n## Use it\n", "tools/run": "", "docs/adr/0001-a.md": ""}
REFUSED = [
    "[a](../runtime/gone)", "[a](adr/0002-b.md)", "[a](#no-such-heading)",
    "[a](../runtime/base/README.md#gone)",
    "`runtime/gone/src/a.cpp`", "`tools/gone --demo`", "```sh\ntools/gone --demo\n```",
]
ACCEPTED = [
    "[a](../runtime/base)", "[a](../runtime/base/README.md#use-it)", "[a](#title)",
    "[a](https://example.org/gone)",
    "`runtime/base`", "`runtime/base/README.md:3`", "`tools/run --demo`", "`modules/<name>/src`", "`tests/*`",
    "`build/bin/banyan`", "```cpp\n// runtime/gone/src/a.cpp\n```", "```sh\ntools/run --demo\n```",
]


def problems(text):
    with sample_tree(PROJECT | {"docs/a.md": f"# Title\n\n{text}\n"}) as root:
        return links.problems(root)


class Links(unittest.TestCase):
    def test_what_does_not_exist_is_refused(self):
        for text in REFUSED:
            with self.subTest(text):
                self.assertEqual(len(problems(text)), 1)

    def test_what_exists_is_accepted(self):
        for text in ACCEPTED:
            with self.subTest(text):
                self.assertEqual(problems(text), [])

    def test_a_violation_names_its_place(self):
        self.assertEqual(problems("`docs/gone.md`"),
                         ["docs/a.md:3: names docs/gone.md, which does not exist"])


if __name__ == "__main__":
    unittest.main()
