#!/usr/bin/env python3
"""Checks that docs/reference/errors.md lists each reason that the runtime raises, with its code, no other.

What tests alone link raises nothing that a user could see.
"""
import re

import source_tree

PAGE = "docs/reference/errors.md"
COMMENT = re.compile(r"//[^\n]*")
RAISED = re.compile(r'Errc::(\w+),\s*"([a-z_]+\.[a-z_]+)"')
ROW = re.compile(r"^\| `([a-z_]+\.[a-z_]+)` \| ((?:`\w+`(?:, )?)+) \|", re.MULTILINE)


def raised(root):
    """{(reason, code): "path:line" of the first place that raises it}"""
    places = {}
    for path in source_tree.files(root, ".hpp", ".cpp"):
        if not re.match(r"runtime/(?!testing/)\w+/(?:src|include)/", path):
            continue
        text = COMMENT.sub(lambda comment: " " * len(comment.group()), source_tree.read(root, path))
        for match in RAISED.finditer(text):
            code, reason = match.groups()
            places.setdefault((reason, code), f"{path}:{source_tree.line_of(text, match.start())}")
    return places


def listed(root):
    """{(reason, code): "path:line" of its row}"""
    if not (root / PAGE).is_file():
        return {}
    text = source_tree.read(root, PAGE)
    return {(row.group(1), code): f"{PAGE}:{source_tree.line_of(text, row.start())}"
            for row in ROW.finditer(text) for code in re.findall(r"\w+", row.group(2))}


def problems(root):
    in_code, in_page = raised(root), listed(root)
    missing = [f"{place}: {reason} ({code}) is not listed in {PAGE}"
               for (reason, code), place in in_code.items() if (reason, code) not in in_page]
    unused = [f"{place}: nothing raises {reason} ({code})"
              for (reason, code), place in in_page.items() if (reason, code) not in in_code]
    return missing + unused


if __name__ == "__main__":
    source_tree.report(problems)
