"""What the checks share: the files of the project, and how a check reports.

A check is a module with `problems(root)`, which returns every violation as "path:line: what is wrong", and
which calls `source_tree.report(problems)` when it is run as a program.
"""
import argparse
import os
import pathlib
import re
import sys

NOT_SOURCES = {".git", "build", "data", "node_modules"}
CPP_SUFFIXES = {".hpp", ".cpp", ".h", ".c"}
PROJECT = pathlib.Path(__file__).resolve().parents[2]


def files(root, *suffixes):
    """The project's files that have one of the suffixes (or all of them), sorted, relative to `root`."""
    found = []
    for folder, subfolders, names in os.walk(root):
        if pathlib.Path(folder) == root:
            subfolders[:] = [name for name in subfolders if name not in NOT_SOURCES]
        subfolders[:] = [name for name in subfolders if name != "__pycache__"]
        found += [(pathlib.Path(folder) / name).relative_to(root) for name in names]
    return sorted(path.as_posix() for path in found if not suffixes or path.suffix in suffixes)


def read(root, path):
    return (root / path).read_text(encoding="utf-8", errors="replace")


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def closing(text, position):
    """The position after the bracket that closes the one at `position`."""
    opening = text[position]
    pair = opening + {"{": "}", "(": ")"}[opening]
    depth = 0
    for bracket in re.finditer(f"[{re.escape(pair)}]", text[position:]):
        depth += 1 if bracket.group() == opening else -1
        if depth == 0:
            return position + bracket.end()
    return len(text)


def report(problems):
    """Runs a check as a program: prints the violations; the exit status says whether there are any."""
    arguments = argparse.ArgumentParser(description=sys.modules["__main__"].__doc__)
    arguments.add_argument("--root", type=pathlib.Path, default=PROJECT)
    found = problems(arguments.parse_args().root.resolve())
    print("\n".join(found) if found else "no violations")
    sys.exit(1 if found else 0)
