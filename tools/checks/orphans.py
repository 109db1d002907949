#!/usr/bin/env python3
"""Checks that every source, public header, test, check and input of a fuzzer is in the build: what nobody
builds is lost."""
import pathlib
import re

import source_tree

FUZZ_INPUTS = ("tests/fuzz/corpora/", "tests/fuzz/dictionaries/")


def build_file_of(root, path):
    """The nearest CMakeLists.txt at or above the file."""
    for folder in pathlib.PurePosixPath(path).parents:
        if (root / folder / "CMakeLists.txt").is_file():
            return folder
    return None


def words_of(root, folder):
    text = re.sub(r"#.*", "", source_tree.read(root, f"{folder}/CMakeLists.txt"))
    return set(re.split(r"[\s()\"]+", text))


def expected_word(path, folder):
    """How that CMakeLists.txt must name the file; None for one that it need not name."""
    relative = pathlib.PurePosixPath(path).relative_to(folder).as_posix()
    if path.endswith((".cpp", ".c")):
        return relative
    if path.endswith(".hpp") and relative.startswith("include/"):
        return relative
    if path.startswith("tools/checks/") and path.endswith("_test.py"):
        return pathlib.PurePosixPath(path).name.removesuffix("_test.py")
    parts = relative.split("/")
    if parts[0] == "corpora":
        return f"{parts[1]}_fuzz.cpp"
    if parts[0] == "dictionaries":
        return parts[1].removesuffix(".dict")
    return None


def problems(root):
    found = []
    words = {}
    inputs = [path for path in source_tree.files(root) if path.startswith(FUZZ_INPUTS)]
    for path in source_tree.files(root, ".cpp", ".c", ".hpp", ".py") + inputs:
        folder = build_file_of(root, path)
        if folder is None:
            found.append(f"{path}:1: no CMakeLists.txt at or above it")
            continue
        if folder not in words:
            words[folder] = words_of(root, folder)
        word = expected_word(path, folder)
        if word and word not in words[folder]:
            found.append(f"{path}:1: {folder}/CMakeLists.txt does not name {word}")
    return found


if __name__ == "__main__":
    source_tree.report(problems)
