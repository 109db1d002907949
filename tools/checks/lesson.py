#!/usr/bin/env python3
"""Does what docs/tutorial/write-a-module.md says, in a copy of the checkout and with the compiler: the module
is built and tested, and the shop knows it. Takes minutes.
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile

import documents
import source_tree

LESSON = "docs/tutorial/write-a-module.md"
LEFT_OUT = {"build", "data", ".git"}


def scripts(text):
    """What the reader types, but for what needs a shop that runs, or git."""
    for block in documents.blocks_of(LESSON, text):
        if block.runs or block.marks["not run"].startswith("it compiles"):
            yield block.script


def left_out(folder, names):
    """What lies in the top folder and is no source; tools/build is another thing."""
    return LEFT_OUT & set(names) if pathlib.Path(folder) == source_tree.PROJECT else ()


def run(checkout, script):
    done = subprocess.run(["bash", "-euo", "pipefail", "-c", script], cwd=checkout, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{LESSON}: this ended with {done.returncode}:\n{script}\n{done.stdout[-4000:]}")
    return done.stdout


def main():
    with tempfile.TemporaryDirectory(prefix="banyan-lesson-") as folder:
        checkout = pathlib.Path(folder, "checkout")
        shutil.copytree(source_tree.PROJECT, checkout, ignore=left_out, symlinks=True)
        run(checkout, "tools/build contractc")
        for script in scripts(source_tree.read(checkout, LESSON)):
            run(checkout, script)
        run(checkout, "tools/build banyan banyan-loyalty")
        if "loyalty" not in run(checkout, "build/bin/banyan --print-reference"):
            sys.exit(f"{LESSON}: the shop does not know the module")
    print("no violations")


if __name__ == "__main__":
    main()
