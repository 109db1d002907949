#!/usr/bin/env python3
"""Checks that docs/reference/endpoints.md lists each metric that Banyan has, and no other."""
import re

import source_tree

NAMES = "runtime/telemetry/include/banyan/telemetry/names.hpp"
PAGE = "docs/reference/endpoints.md"
DECLARED = re.compile(r'constexpr Metric \w+\{\s*"(\w+)"')
ROW = re.compile(r"^\| `(\w+)` \| (?:counter|gauge|histogram) \|", re.MULTILINE)


def named(root, path, pattern):
    """{metric: "path:line"}"""
    if not (root / path).is_file():
        return {}
    text = source_tree.read(root, path)
    return {found.group(1): f"{path}:{source_tree.line_of(text, found.start(1))}"
            for found in pattern.finditer(text)}


def problems(root):
    in_code, in_page = named(root, NAMES, DECLARED), named(root, PAGE, ROW)
    missing = [f"{place}: {metric} is not listed in {PAGE}"
               for metric, place in in_code.items() if metric not in in_page]
    unused = [f"{place}: there is no metric {metric}"
              for metric, place in in_page.items() if metric not in in_code]
    return missing + unused


if __name__ == "__main__":
    source_tree.report(problems)
