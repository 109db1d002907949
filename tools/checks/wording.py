#!/usr/bin/env python3
"""Checks that no comment begins with What, Who or a word like them, unless it is a question.

Such a clause stands for a noun that the reader has to guess. With the noun the sentence is shorter.
"""
import re

import source_tree

SUFFIXES = ".hpp", ".cpp", ".h", ".c", ".py", ".sh", ".cmake", ".txt", ".sql", ".toml"
BEGINNING = re.compile(r"(?:^|\s)(?://[/!]?<?|#)\s(What|Whatever|Who|Whoever|Whom|Whose)\b([^\n]*)")
STRING = re.compile(r'"(?:\\.|[^"\\\n])*"')
REFUSAL = "begins with {}: begin with the noun that it stands for"


def problems(root):
    found = []
    for path in source_tree.files(root, *SUFFIXES):
        if "/data/" in path or "/corpora/" in path:
            continue
        for number, line in enumerate(source_tree.read(root, path).split("\n"), 1):
            match = BEGINNING.search(STRING.sub('""', line))
            if match and not match.group(2).rstrip().endswith("?"):
                found.append(f"{path}:{number}: a comment " + REFUSAL.format(match.group(1)))
    return found


if __name__ == "__main__":
    source_tree.report(problems)
