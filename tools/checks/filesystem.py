#!/usr/bin/env python3
"""Checks that product code asks the file system with functions that return an error and do not throw.

A disk that refuses to look at a file would end the process otherwise, or unwind through code that expects no
exception. `absolute` may throw: it asks for nothing but the working directory.
"""
import re

import source_tree

FOLDERS = "runtime/", "modules/", "tools/", "deploy/"
EXEMPT = "runtime/testing/"
ERROR = re.compile(r"std::error_code\s+(\w+)")
CALL = re.compile(r"\b(?:fs|filesystem)::(exists|is_\w+|file_size|\w*canonical|remove\w*|rename|"
                  r"create_\w+|copy\w*|permissions|space|resize_file|last_write_time|\w*status|"
                  r"read_symlink|equivalent|\w*directory_iterator)\b(?:\s+\w+)?\s*[({]")
LAST = re.compile(r",\s*(\w+)$")
RANGE = re.compile(r"\bfor\s*\([^;{}]*(?<!:):(?!:)[^;{}]*directory_iterator")
OF_STATUS = re.compile(r"^\w*status$")  # a question to what was already asked
REFUSAL = "throws if the disk refuses: give it a std::error_code, and look at that"
STEP_REFUSAL = "its steps throw if the disk refuses: use increment() with a std::error_code"


def problems(root):
    found = []
    for path in source_tree.files(root, *source_tree.CPP_SUFFIXES):
        if not path.startswith(FOLDERS) or path.startswith(EXEMPT) or "/tests/" in path:
            continue
        text = source_tree.read(root, path)
        errors = set(ERROR.findall(text))
        for match in CALL.finditer(text):
            asked = text[match.end():source_tree.closing(text, match.end() - 1) - 1].strip()
            last = LAST.search(asked)
            if not (last and last.group(1) in errors) and not OF_STATUS.match(asked):
                found.append(f"{path}:{source_tree.line_of(text, match.start())}: {match.group(1)} {REFUSAL}")
        for match in RANGE.finditer(text):
            found.append(f"{path}:{source_tree.line_of(text, match.start())}: {STEP_REFUSAL}")
    return found


if __name__ == "__main__":
    source_tree.report(problems)
