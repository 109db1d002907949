"""The commands in documents: blocks fenced as sh, or as console ("$ command" and its output).

All blocks of one document are one session, top to bottom. A comment right before a block says what is
special about it:

    <!-- not run: it needs systemd -->             only looked at; the reason is for the reader of the source
    <!-- goes on until: the shop is open -->       left running once its output contains that text
    <!-- first: banyanctl pki init --dir pki -->   what a reader has done elsewhere
"""
import dataclasses
import re
import shlex

import source_tree

LANGUAGES = ("sh", "console")
MARKS = ("not run", "goes on until", "first")
FENCE = re.compile(r"^(?P<ticks>`{3,})(?P<language>\w*)\n(?P<text>.*?)^(?P=ticks)$", re.DOTALL | re.MULTILINE)
MARK = re.compile(r"<!--\s*(?P<kind>[a-z ]+):\s*(?P<text>.*?)\s*-->", re.DOTALL)
MARKS_BEFORE = re.compile(r"(?:<!--(?:(?!-->).)*-->\s*)+\Z", re.DOTALL)
PROGRAMS = r"(?:banyan|tools/|\.ci/|nats|contractc|curl|cmake|ctest|systemctl|journalctl|apt-get)[\w./-]*"
INDENTED = re.compile(rf"(?<=\n\n)(?: {{4}}|\t)(?:\$ )?(?:sudo )?{PROGRAMS}(?=\s)")
INDENTED_FENCE = re.compile(r"^[ \t>]+`{3,}(?:sh|console)$", re.MULTILINE)
REASON_WORDS = 3


@dataclasses.dataclass
class Block:
    """A fenced block of a document."""
    place: str     # "docs/a.md:17"
    language: str  # "sh" or "console"
    text: str
    marks: dict    # what the comments before it say: {"not run": "it needs systemd"}

    @property
    def runs(self):
        return "not run" not in self.marks

    @property
    def steps(self):
        """[(command, what it is said to print or None)]."""
        if self.language == "sh":
            return [(self.text, None)]
        parts = re.split(r"^\$ ", self.text, flags=re.MULTILINE)[1:]
        return [split_command(part) for part in parts]

    @property
    def script(self):
        return "\n".join(command for command, _ in self.steps)


def split_command(part):
    """A command, with the lines that go on after a backslash, and its output."""
    lines = part.splitlines(keepends=True)
    count = 1
    while count < len(lines) and lines[count - 1].endswith("\\\n"):
        count += 1
    return "".join(lines[:count]), "".join(lines[count:]) or None


def blocks_of(path, text):
    """The blocks of commands in a document."""
    found = []
    for fence in FENCE.finditer(text):
        if fence["language"] in LANGUAGES:
            before = MARKS_BEFORE.search(text[:fence.start()])
            marks = {mark["kind"]: mark["text"] for mark in MARK.finditer(before.group() if before else "")}
            place = f"{path}:{source_tree.line_of(text, fence.start())}"
            found.append(Block(place, fence["language"], fence["text"], marks))
    return found


def loose_problems(path, text):
    """Commands that are in no fenced block, and marks that stand before none."""
    without = FENCE.sub(lambda fence: re.sub(r"[^\n]", "`", fence.group()), text)
    for command in [*INDENTED.finditer(without), *INDENTED_FENCE.finditer(without)]:
        yield (f"{path}:{source_tree.line_of(text, command.start())}: "
               f"commands are in a block fenced as sh or console, at the margin")
    for mark in MARK.finditer(without):
        follows = re.match(r"(?:\s|<!--.*?-->)*`", without[mark.end():], re.DOTALL)
        if mark["kind"] in MARKS and not follows:
            yield f"{path}:{source_tree.line_of(text, mark.start())}: '{mark['kind']}' stands before no block"


def mark_problems(block):
    for kind, text in block.marks.items():
        if kind not in MARKS:
            yield f"{block.place}: '{kind}' is none of {', '.join(MARKS)}"
        elif kind == "not run" and len(text.split()) < REASON_WORDS:
            yield f"{block.place}: 'not run' without a reason"
        elif not text:
            yield f"{block.place}: '{kind}' without what"
    if block.language == "console" and not block.text.startswith("$ "):
        yield f"{block.place}: a console block begins with '$ ' and a command"


def commands_of(script):
    """The words of each simple command of a script: enough to find programs, options and files."""
    text = re.sub(r"\\\n", " ", script)
    for line in text.splitlines():
        lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
        lexer.whitespace_split = True
        command = []
        try:
            words = list(lexer)
        except ValueError:  # a text that goes on in the next line
            continue
        for word in [*words, ";"]:
            if re.fullmatch(r"[();<>|&]+", word):
                if command:
                    yield command
                command = []
            elif command or (word != "sudo" and not re.fullmatch(r"\w+=.*", word)):
                command.append(word)
