#!/usr/bin/env python3
"""Runs every command that a document shows, and compares what it prints with what the document says.

Each document is a session of its own in a copy of the checkout, with free ports and folders of its own in
place of those that it names. What can't be run here says so, with a reason (see documents.py): that is read
by bash, its options and files have to exist. tools/test and tools/bench are run by tests of their own.
"""
import argparse
import concurrent.futures
import functools
import os
import pathlib
import re
import subprocess
import sys

import documents
import session
import source_tree

COVERED = {"tools/test": "check.commands", ".ci/run": "check.commands", "tools/bench": "bench.post_orders"}
OURS = re.compile(r"(?:.*/)?(?:banyan[a-z-]*|contractc)$")
FILES = re.compile(r"(?:runtime|modules|deploy|tools|tests|docs)/[\w./*-]+$")
UNIT = re.compile(r"banyan[\w-]*\.(?:service|target)$")
AT_ONCE = 3


def tests_of(build):
    """The names of all tests that the build knows."""
    listed = subprocess.run(["ctest", "--show-only", "--test-dir", build], capture_output=True, text=True,
                            check=True).stdout
    return set(re.findall(r"Test +#\d+: (\S+)", listed))


@functools.cache
def help_of(program):
    """What it says with --help; nothing if it refuses to."""
    done = subprocess.run([*program, "--help"], capture_output=True, text=True, timeout=30, check=False)
    return done.stdout + done.stderr if done.returncode == 0 else ""


def program_of(root, build, words):
    """What to ask about the options of a command: ("banyanctl", "pki", "issue"); None if it is not ours."""
    name = words[0]
    if name in COVERED or name == "tools/run":
        return (str(root / name),)
    if name.endswith("nats-server"):
        return (session.nats_server(),)
    if OURS.match(name) is None:
        return None
    plain = re.match(r"(?:[a-z-]+ )*", " ".join(words[1:3]) + " ").group().split()
    plain = [word for word in plain if not word.startswith("-")]
    return (str(build / "bin" / pathlib.PurePath(name).name), *plain)


def command_problems(root, build, words):
    """What is wrong with a command that is not run: files, units and options that do not exist."""
    for word in words:
        if FILES.match(word) and not any(root.glob(word.rstrip("/"))):
            yield f"names {word}, which does not exist"
        if UNIT.match(word) and not (root / "deploy/systemd" / word).exists():
            yield f"names the unit {word}, which does not exist"
    program = program_of(root, build, words)
    if program is None:
        return
    if not pathlib.Path(program[0]).exists():
        yield f"runs {words[0]}, which does not exist"
        return
    known = help_of(program)
    for option in (word.partition("=")[0] for word in words[1:] if re.match(r"--?[a-z]", word)):
        if not re.search(rf"(?<![\w-]){re.escape(option)}(?![\w-])", known):
            yield f"{' '.join(words[:3])} knows no {option}"


def script_problems(root, build, block):
    """What can be said about a block without running it."""
    read = subprocess.run(["bash", "-n"], input=block.script, capture_output=True, text=True, check=False)
    if read.returncode != 0:
        yield f"{block.place}: {read.stderr.strip()}"
    for words in documents.commands_of(block.script):
        if not block.runs or words[0] in COVERED:
            for problem in command_problems(root, build, words):
                yield f"{block.place}: {problem}"


def coverage_problems(tests):
    for command, test in COVERED.items():
        if test not in tests:
            yield f"{command} is to be run by {test}, which is no test"


def static_problems(root, build, path, text):
    yield from documents.loose_problems(path, text)
    for block in documents.blocks_of(path, text):
        yield from documents.mark_problems(block)
        yield from script_problems(root, build, block)


def without_covered(script):
    """The commands that other tests run are left out."""
    names = "|".join(re.escape(name) for name in COVERED)
    return re.sub(rf"^({names})\b", ": \\1", script, flags=re.MULTILINE)


def run_problems(root, build, path, text):
    """Runs a document's blocks; ends with the first that fails, as the following ones build on it."""
    blocks = [block for block in documents.blocks_of(path, text) if block.runs]
    if not blocks:
        return
    with session.Session(root, build) as shell:
        for block in blocks:
            try:
                if "first" in block.marks:
                    shell.run(block.marks["first"])
                for command, expected in block.steps:
                    shell.run(without_covered(command), expected, block.marks.get("goes on until"))
            except session.Failure as failure:
                yield f"{block.place}: {failure}"
                return


def problems(root, build, tests):
    texts = {path: source_tree.read(root, path) for path in source_tree.files(root, ".md")}
    found = [*coverage_problems(tests)]
    for path, text in texts.items():
        found += static_problems(root, build, path, text)
    if found:
        return found
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        ran = pool.map(lambda document: list(run_problems(root, build, *document)), texts.items())
        return [problem for several in ran for problem in several]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=pathlib.Path, default=source_tree.PROJECT)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    options = parser.parse_args()
    os.environ["PATH"] += ":/usr/sbin"
    build = options.build.resolve()
    found = problems(options.root.resolve(), build, tests_of(build))
    print("\n".join(found) if found else "no violations")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
