#!/usr/bin/env python3
"""Checks that no file says of itself that it is not done."""
import re

import source_tree

# Put together here, so that this file does not name itself.
WORDS = ["TO" "DO", "FIX" "ME", "XX" "X", "HA" "CK"]
LEFTOVER = re.compile(r"\b(?:" + "|".join(WORDS) + r")\b")
SUFFIXES = ["", ".hpp", ".cpp", ".h", ".c", ".py", ".sh", ".sql", ".yaml", ".yml", ".toml", ".json", ".md",
            ".txt", ".cmake", ".html", ".js", ".css"]


def problems(root):
    found = []
    for path in source_tree.files(root, *SUFFIXES):
        text = source_tree.read(root, path)
        for match in LEFTOVER.finditer(text):
            line = source_tree.line_of(text, match.start())
            found.append(f"{path}:{line}: {match.group()}: do it, or leave the word out")
    return found


if __name__ == "__main__":
    source_tree.report(problems)
