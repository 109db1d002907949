#!/usr/bin/env python3
"""Checks that files, functions and lines stay readable: hard limits, as there is nothing old to excuse."""
import re

import source_tree

HEADER_LINES = 300
SOURCE_LINES = 500
TEST_LINES = 700
FUNCTION_LINES = 60
COLUMNS = 110
WIDE_ENOUGH = {".hpp", ".cpp", ".h", ".c", ".py", ".cmake"}

# Comments, texts and characters may contain a brace or a parenthesis that is none.
OPAQUE = re.compile(
    r'''//[^\n]*|/\*.*?\*/|R"(?P<mark>[^\s()\\]{0,16})\(.*?\)(?P=mark)"|"(?:\\.|[^"\\\n])*"'''
    r"""|\b\d[\w']*|'(?:\\.|[^'\\\n])+'|^[ \t]*\#(?:\\\n|[^\n])*""", re.DOTALL | re.MULTILINE)
SCOPE = re.compile(r"^(?:\[\[.*?\]\]|inline|typedef|\s)*(?:namespace|extern|class|struct|union|enum)\b")
PARAMETERS_LAST = re.compile(r"\)\s*(?:(?:const|noexcept|override|final|&+)\s*)*(?:->.*)?$", re.DOTALL)


def blank(match):
    return re.sub(r"[^\n]", " ", match.group())


def without_template_parameters(head):
    """`template <class T> struct X` begins with what it declares: X is a struct."""
    while (start := re.match(r"\s*template\s*<", head)):
        depth, end = 1, start.end()
        while depth and end < len(head):
            depth += {"<": 1, ">": -1}.get(head[end], 0)
            end += 1
        head = head[end:]
    return head.strip()


def kind_of(head):
    """What a brace after `head` opens: 'scope' (its inside is declarations), 'function' or 'data'."""
    head = without_template_parameters(head)
    if SCOPE.match(head) and not PARAMETERS_LAST.search(head):
        return "scope"
    if head.endswith("=") or "(" not in head:
        return "data"
    return "function"


def functions(text):
    """(first line, last line) of each function; lambdas and local classes belong to the one around them."""
    text = OPAQUE.sub(blank, text)
    found = []
    head, head_start = "", 0
    parentheses = 0
    position = 0
    while position < len(text):
        character = text[position]
        parentheses += {"(": 1, ")": -1}.get(character, 0)
        if character == "{" and kind_of(head) == "scope" and parentheses == 0:
            head = ""
        elif character == "{":
            end = source_tree.closing(text, position)
            after = text[end:].lstrip()[:1]
            if parentheses == 0 and after not in (",", "{") and kind_of(head) == "function":
                found.append((source_tree.line_of(text, head_start), source_tree.line_of(text, end)))
                head = ""
            else:
                head += "{}"
            position = end
            continue
        elif character in ";}" and parentheses == 0:
            head = ""
        elif head or not character.isspace():
            if not head:
                head_start = position
            head += character
        position += 1
    return found


def limit_of(path):
    if "/tests/" in f"/{path}" or path.endswith("_test.py"):
        return TEST_LINES
    return HEADER_LINES if path.endswith((".hpp", ".h")) else SOURCE_LINES


def problems(root):
    found = []
    for path in source_tree.files(root):
        if not path.endswith(tuple(WIDE_ENOUGH)) and not path.endswith("CMakeLists.txt"):
            continue
        text = source_tree.read(root, path)
        lines = text.splitlines()
        if len(lines) > limit_of(path):
            found.append(f"{path}:{len(lines)}: {len(lines)} lines; the limit is {limit_of(path)}")
        found += [f"{path}:{number}: {len(line)} columns; the limit is {COLUMNS}"
                  for number, line in enumerate(lines, 1) if len(line) > COLUMNS]
        if path.endswith(tuple(source_tree.CPP_SUFFIXES)):
            found += [f"{path}:{first}: a function of {last - first + 1} lines; the limit is {FUNCTION_LINES}"
                      for first, last in functions(text) if last - first + 1 > FUNCTION_LINES]
    return found


if __name__ == "__main__":
    source_tree.report(problems)
