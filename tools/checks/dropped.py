#!/usr/bin/env python3
"""Checks that whoever drops the outcome of a call says why, on the same line or on the one before.

The compiler refuses a Status or Result that nobody looks at. A cast to void silences it, and an error of a
read that is dropped becomes a wrong answer; so each such cast needs a comment with the reason.
"""
import re

import source_tree

FOLDERS = "runtime/", "modules/", "tools/", "deploy/"
DROPPED = re.compile(r"static_cast<void>\(|\(void\)\s*[\w:]|std::ignore\s*=|"
                     r"\[\[maybe_unused\]\]\s*(?:const\s+)?(?:auto|Status)\b")
REFUSAL = "drops an outcome: say why in a comment before it, or look at it"
NUMBER = re.compile(r"static_cast<void>\(\d+\)")  # the empty statement of a macro


def has_reason(lines, index):
    """A comment behind the cast, or one that ends on the line above."""
    if "//" in lines[index][DROPPED.search(lines[index]).start():]:
        return True
    return index > 0 and lines[index - 1].lstrip().startswith("//")


def problems(root):
    found = []
    for path in source_tree.files(root, *source_tree.CPP_SUFFIXES):
        if not path.startswith(FOLDERS) or "/tests/" in path:
            continue
        lines = source_tree.read(root, path).split("\n")
        for index, line in enumerate(lines):
            code = line.split("//")[0]
            if DROPPED.search(code) and not NUMBER.search(code) and not has_reason(lines, index):
                found.append(f"{path}:{index + 1}: {REFUSAL}")
    return found


if __name__ == "__main__":
    source_tree.report(problems)
