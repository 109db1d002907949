#!/usr/bin/env python3
"""Checks that every file and folder that a document names exists.

Looked at are relative links, paths in `code` that begin with a top folder of the project, and the commands of
code blocks. A path with a variable part (<name>, {name}, *, …) names no file.
"""
import re

import source_tree

FENCE = re.compile(r"^(```|~~~).*?^\1", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\[[^\]]*\]\(([^()\s]+)(?:\s+\"[^\"]*\")?\)")
HEADING = re.compile(r"^#+\s+(.*)$", re.MULTILINE)
CODE = re.compile(r"`([^`\n]+)`")
COMMAND = re.compile(r"^\s*(?:\$ )?((?:tools|\.ci)/[\w/.-]+)", re.MULTILINE)
TOP_FOLDERS = ("runtime/", "modules/", "deploy/", "tools/", "tests/", "docs/", ".ci/")
PLACEHOLDER = re.compile(r"[<>{}*…$|]|\.\.\.|NNNN|NAME")


def blank(match):
    return re.sub(r"[^\n]", " ", match.group())


def anchors(text):
    """The anchors of a document's headings, as a forge makes them."""
    headings = HEADING.findall(FENCE.sub(blank, text))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def link_problem(root, document, target):
    """What is wrong with a link, or None."""
    if re.match(r"[a-z]+:", target):
        return None
    path, _, anchor = target.partition("#")
    file = (root / document).parent / path if path else root / document
    if not file.exists():
        return f"links to {target}, which does not exist"
    is_document = file.suffix == ".md"
    if anchor and is_document and anchor not in anchors(file.read_text(encoding="utf-8")):
        return f"links to {target}, but there is no such heading"
    return None


def named_paths(text):
    """(position, path) of each path in a document's inline code and of each command in its code blocks."""
    for fence in FENCE.finditer(text):
        for command in COMMAND.finditer(fence.group()):
            yield fence.start() + command.start(1), command.group(1)
    for code in CODE.finditer(FENCE.sub(blank, text)):
        path = re.sub(r"(:\d+)?(\s.*)?$", "", code.group(1).strip())
        if path.startswith(TOP_FOLDERS) and not PLACEHOLDER.search(path):
            yield code.start(1), path


def problems(root):
    found = []
    for document in source_tree.files(root, ".md"):
        text = source_tree.read(root, document)
        wrong = []
        for link in LINK.finditer(FENCE.sub(blank, text)):
            if problem := link_problem(root, document, link.group(1)):
                wrong.append((link.start(), problem))
        for position, path in named_paths(text):
            if not (root / path).exists():
                wrong.append((position, f"names {path}, which does not exist"))
        found += [f"{document}:{source_tree.line_of(text, position)}: {what}"
                  for position, what in sorted(wrong)]
    return found


if __name__ == "__main__":
    source_tree.report(problems)
