#!/usr/bin/env python3
"""Checks that nobody reaches for what another module owns.

SQL of modules/<m>/ names only tables, indexes and triggers that begin with "<m>_", SQL of runtime/*/src/ only
those that begin with "banyan_". What stands around modules, tests/ and tools/, asks them and writes into no
table; benchmarks have databases of their own. The messages and addresses of a contract begin with "<m>.".
"""
import re

import source_tree

STRING = re.compile(r'R"(?P<mark>[^\s()\\]{0,16})\((?P<raw>.*?)\)(?P=mark)"'
                    r'|"(?P<plain>(?:\\.|[^"\\\n])*)"', re.DOTALL)
COMMENT = re.compile(r"//[^\n]*|--[^\n]*|/\*.*?\*/", re.DOTALL)

# Keywords are written in capitals and names in small letters; LOWER_CASE refuses what would slip by.
NAME = r"""["`\[]?([a-z_]\w*)"""
SOURCE = r"""["`\[]?[a-z_]\w*["`\]]?(?:\s*\()?(?:\s+(?:AS\s+)?[a-z_]\w*)?"""
TABLES = re.compile(rf"\b(?<!DISTINCT\s)(?:FROM|JOIN)\s+({SOURCE}(?:\s*,\s*{SOURCE})*)")
NAMED = [re.compile(pattern) for pattern in (
    rf"\bINTO\s+{NAME}",
    rf"\bUPDATE\s+(?:OR\s+\w+\s+)?{NAME}",
    rf"\bREFERENCES\s+{NAME}",
    rf"\b(?:TABLE|VIEW|INDEX|TRIGGER)\s+(?:IF\s+(?:NOT\s+)?EXISTS\s+)?{NAME}",
    rf"\bINDEX\s+(?:IF\s+NOT\s+EXISTS\s+)?\w+\s+ON\s+{NAME}",
    rf"\b(?:INSERT|DELETE|UPDATE)(?:\s+OF\s+[\w,\s]+?)?\s+ON\s+{NAME}",
    rf"\bcontent\s*=\s*'{NAME}",
)]
WRITTEN = re.compile(rf"\b(?:INTO|UPDATE(?:\s+OR\s+\w+)?|DELETE\s+FROM|(?:DROP|ALTER)\s+TABLE)\s+{NAME}")
NEW_NAME = re.compile(r"\b(?:WITH(?:\s+RECURSIVE)?|,)\s*([a-z_]\w*)\s*(?:\([^()]*\)\s*)?AS\s+(?:\w+\s+)?\(")
TABLE_FUNCTIONS = {"json_each", "json_tree", "generate_series"}
LOWER_CASE = re.compile(
    r"\bselect\b.+\bfrom\s+\w|\binsert\s+(?:or\s+\w+\s+)?into\b|\bdelete\s+from\b|\bupdate\s+\w+\s+set\b"
    r"|\b(?:create|drop|alter)\s+(?:table|index|trigger|view)\b", re.DOTALL)
MESSAGE = re.compile(r"\bname:\s*['\"]?([\w.]+\.v\d+)\b|\baddress:\s*['\"]?([\w.]+)")


def tables(sql):
    """(position, name) of each table, index and trigger that the statement names."""
    own = set(NEW_NAME.findall(sql))
    for clause in TABLES.finditer(sql):
        for source in re.finditer(rf"(?:^|,)\s*{NAME}", clause.group(1)):
            if source.group(1) not in own:
                yield clause.start(1) + source.start(1), source.group(1)
    for pattern in NAMED:
        for named in pattern.finditer(sql):
            if named.group(1) not in own:
                yield named.start(1), named.group(1)


def without_comments(text):
    return COMMENT.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)


def statements(path, text):
    """(position, text) of everything in a file that may be SQL."""
    if path.endswith(".sql"):
        return [(0, without_comments(text))]
    found = []
    for match in STRING.finditer(text):
        if match.group("raw") is not None:
            found.append((match.start("raw"), without_comments(match.group("raw"))))
        else:
            plain = match.group("plain").replace(r"\n", " \n").replace(r"\"", ' "')
            found.append((match.start("plain"), without_comments(plain)))
    return found


def owner_of(path):
    parts = path.split("/")
    if parts[0] == "modules" and len(parts) > 2 and path.endswith((".sql", ".cpp", ".hpp")):
        return parts[1]
    if parts[0] == "runtime" and len(parts) > 2 and parts[2] in ("src", "migrations"):
        return "banyan"
    return None


def sql_problems(path, text, owner):
    allowed = (f"{owner}_", "sqlite_", "pragma_") if owner == "banyan" else (f"{owner}_",)
    for start, sql in statements(path, text):
        if LOWER_CASE.search(sql) and not path.endswith(".sql"):
            yield start, "write the keywords of SQL in capitals, so that its tables are seen"
        if owner != "banyan" and re.search(r"\bATTACH\b", sql):
            yield start, f"module '{owner}' may not attach another database"
        for position, name in tables(sql):
            if not name.startswith(allowed) and name not in TABLE_FUNCTIONS:
                yield start + position, f"'{owner}' does not own {name}: its names begin with {owner}_"


def is_around_modules(path):
    return path.startswith(("tests/", "tools/")) and not path.startswith("tests/bench/")


def writing_problems(path, text, modules):
    for start, sql in statements(path, text):
        for written in WRITTEN.finditer(sql):
            owner = written.group(1).partition("_")[0]
            if owner in modules:
                yield start + written.start(1), f"writes {written.group(1)}, which is {owner}'s alone"


def contract_problems(text, module):
    for match in MESSAGE.finditer(text):
        name = match.group(1) or match.group(2)
        if not name.startswith(f"{module}."):
            yield match.start(), f"contract of '{module}' declares {name}: its names begin with {module}."


def problems(root):
    found = []
    modules = {path.split("/")[1] for path in source_tree.files(root, ".sql") if path.startswith("modules/")}
    for path in source_tree.files(root, ".sql", ".cpp", ".hpp", ".yaml"):
        text = source_tree.read(root, path)
        wrong = []
        if owner := owner_of(path):
            wrong = sql_problems(path, text, owner)
        elif is_around_modules(path):
            wrong = writing_problems(path, text, modules)
        elif re.fullmatch(r"modules/\w+/contract/\w+\.asyncapi\.yaml", path):
            wrong = contract_problems(text, path.split("/")[1])
        places = sorted({(source_tree.line_of(text, position), what) for position, what in wrong})
        found += [f"{path}:{line}: {what}" for line, what in places]
    return found


if __name__ == "__main__":
    source_tree.report(problems)
