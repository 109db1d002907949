#!/usr/bin/env python3
"""Checks that the product reads the system's clocks in one place: SystemClock of runtime/base."""
import re

import source_tree

READER = "runtime/base/src/clock.cpp"
PRODUCT = re.compile(r"^(?:runtime|modules|tools)/[^/]+/(?:src|include|migrations)/")
CODE = re.compile(
    r"\b\w*[cC]lock\s*::\s*now\s*\("  # std::chrono::system_clock::now() and its like, also by another name
    r"|\b(?:clock_gettime|gettimeofday|timespec_get|ftime)\s*\("
    r"|(?<![\w.>:])(?:std\s*::\s*|::\s*)?time\s*\(\s*(?:0|NULL|nullptr|&\s*\w+)\s*\)")
SQL = re.compile(r"\bCURRENT_(?:TIMESTAMP|TIME|DATE)\b|\b(?:unixepoch|julianday|strftime|datetime|date|time)"
                 r"\s*\(\s*(?:'[^']*'\s*,\s*)?'now'")
COMMENT = re.compile(r"//[^\n]*")


def blank(match):
    return " " * len(match.group())


def problems(root):
    found = []
    for path in source_tree.files(root, *source_tree.CPP_SUFFIXES, ".sql"):
        if path == READER or not PRODUCT.match(path):
            continue
        text = COMMENT.sub(blank, source_tree.read(root, path))
        for rule in (CODE, SQL):
            for match in rule.finditer(text):
                line = source_tree.line_of(text, match.start())
                found.append(f"{path}:{line}: {match.group().strip()}: ask the Clock that is given "
                             "(now() for what waits, utc() for what is written or shown)")
    return found


if __name__ == "__main__":
    source_tree.report(problems)
