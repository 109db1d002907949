#!/usr/bin/env python3
"""A comment that begins with a clause in the place of its noun is refused."""
import unittest

import wording
from sample_tree import sample_tree


def problems(line, path="runtime/a/src/a.cpp"):
    with sample_tree({path: f"\n{line}\n"}) as root:
        return wording.problems(root)


class Wording(unittest.TestCase):
    def test_each_such_beginning_is_refused(self):
        for word in ("What", "Who", "Whoever", "Whom", "Whose", "Whatever"):
            refusal = [f"runtime/a/src/a.cpp:2: a comment {wording.REFUSAL.format(word)}"]
            for line in (f"// {word} is kept.", f"  /// {word} is kept.", f"int a;  ///< {word} is kept."):
                with self.subTest(line):
                    self.assertEqual(problems(line), refusal)

    def test_scripts_are_looked_at_too(self):
        self.assertEqual(len(problems("# " + "What is kept.", "tools/a.py")), 1)

    def test_a_question_a_noun_and_a_text_are_taken(self):
        for line in ("// What is kept?", "// The rows that are kept: what is left of them.",
                     'say("# What is kept.");', "// Whether it is kept."):
            with self.subTest(line):
                self.assertEqual(problems(line), [])


if __name__ == "__main__":
    unittest.main()
