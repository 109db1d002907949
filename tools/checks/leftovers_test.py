#!/usr/bin/env python3
"""Each word that admits unfinished work is refused, wherever it stands."""
import unittest

import leftovers
from sample_tree import sample_tree


def problems(path, text):
    with sample_tree({path: text}) as root:
        return leftovers.problems(root)


class Leftovers(unittest.TestCase):
    def test_each_word_is_refused_in_each_kind_of_file(self):
        for word in leftovers.WORDS:
            for path in ("runtime/a/src/a.cpp", "tools/run", "docs/a.md", "modules/a/migrations/0001_a.sql"):
                with self.subTest(word, path=path):
                    self.assertEqual(problems(path, f"\n// {word}: later\n"),
                                     [f"{path}:2: {word}: do it, or leave the word out"])

    def test_words_that_only_contain_one_are_accepted(self):
        for word in leftovers.WORDS:
            self.assertEqual(problems("a.cpp", f"{word}S my{word} {word.lower()} {word}{word}"), [])


if __name__ == "__main__":
    unittest.main()
