#!/usr/bin/env python3
"""Checks that clang-format, with the project's .clang-format, would change nothing."""
import concurrent.futures
import os
import subprocess

import source_tree

FILES_AT_ONCE = 40


def problems(root):
    paths = source_tree.files(root, *source_tree.CPP_SUFFIXES)
    batches = [paths[start:start + FILES_AT_ONCE] for start in range(0, len(paths), FILES_AT_ONCE)]

    def unformatted(batch):
        command = ["clang-format", "--dry-run", "--style=file", *batch]
        result = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
        lines = result.stderr.splitlines()
        return [line.split(" [")[0] for line in lines if "clang-format-violations" in line]

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return [line for lines in pool.map(unformatted, batches) for line in lines]


if __name__ == "__main__":
    source_tree.report(problems)
