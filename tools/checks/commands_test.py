#!/usr/bin/env python3
"""A document whose commands do not work, or do not say what it shows, is refused."""
import os
import pathlib
import stat
import unittest
import unittest.mock

import commands
from sample_tree import sample_tree

CTL = '#!/bin/sh\necho "Usage: banyanctl [--dir FOLDER] -o,--output"\n'
TOOL = '#!/bin/sh\necho "usage: $0 [--full] [NAME...]"\n'
RUN = "#!/bin/sh\nport=8080\necho open on 127.0.0.1:$port\nexec sleep 60\n"
PROJECT = {"tools/run": RUN, "tools/test": TOOL, "tools/bench": TOOL,
           "deploy/systemd/banyan-orders.service": "", "build/bin/banyanctl": CTL}
TESTS = set(commands.COVERED.values())


def sh(*lines):
    return "```sh\n" + "\n".join(lines) + "\n```\n"


def not_run(reason, *lines):
    return f"<!-- not run: {reason} -->\n" + sh(*lines)


REASON = "it needs three machines"
REFUSED = {
    "a command that fails": sh("false"),
    "one that fails before others": sh("false", "true"),
    "an unknown program": sh("banyan-gone --help"),
    "a variable that was never set": sh("echo $order_id"),
    "a command that goes on for ever": sh("tools/run"),
    "an answer that is an error": sh("curl -s http://127.0.0.1:8080/v1/orders"),
    "another output": "```console\n$ echo two\nthree\n```\n",
    "less output": "```console\n$ printf 'one\\ntwo\\n'\none\n```\n",
    "a console block without a prompt": "```console\necho two\n```\n",
    "no reason": not_run("", "true"),
    "hardly a reason": not_run("later", "true"),
    "not even syntax": not_run(REASON, "if true; then"),
    "an option that does not exist": not_run(REASON, "banyanctl pki issue --gone"),
    "an option of a test's command that does not exist": sh("tools/test --gone"),
    "a program that does not exist": not_run(REASON, "sudo /usr/lib/banyan/banyan-gone --dir pki"),
    "a file that does not exist": not_run(REASON, "sudo cp deploy/systemd/banyan-gone.service /etc"),
    "a unit that does not exist": not_run(REASON, "systemctl start banyan-gone.service"),
    "a mark that nobody knows": "<!-- sometimes: it may work -->\n" + sh("true"),
    "a mark before no block": f"<!-- not run: {REASON} -->\n\nThe end.\n",
    "a block that is part of a list": "1. Then:\n\n   ```sh\n   true\n   ```\n",
    "commands that are only indented": "Then:\n\n    banyanctl pki show\n",
}
ACCEPTED = {
    "commands that work": sh("mkdir -p deep/er", "cd deep", "ls er | grep -q nothing || true"),
    "what the block before has left": sh("number=17", "cd deploy") + sh("test $number = 17", "ls systemd"),
    "the same output": "```console\n$ echo two\ntwo\n$ echo three\nthree\n```\n",
    "output with gaps": "```console\n$ printf 'a  b\\n1\\n2\\nc 12 ms\\n'\na b\n…\nc … ms\n```\n",
    "a command over two lines": "```console\n$ echo a \\\n    b\na b\n```\n",
    "what goes on": "<!-- goes on until: open on 127.0.0.1:8080 -->\n" + sh("tools/run") + sh("true"),
    "what was done elsewhere": "<!-- first: echo 17 >given -->\n" + sh("grep 17 given"),
    "folders of a system": sh("touch /etc/banyan/a /var/lib/banyan/b", "ls /etc/banyan/a"),
    "an option that exists": not_run(REASON, "sudo /usr/lib/banyan/banyanctl pki issue --dir pki -o json"),
    "a unit and a file that exist": not_run(
        REASON, "cp deploy/systemd/*.service x", "systemctl start banyan-orders.service"),
    "what other tests run": sh("tools/test --full store   # takes long"),
    "other languages": "```cpp\nint main();\n```\n",
}


class Commands(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        os.environ["PATH"] += ":/usr/sbin"

    def problems(self, text, tests=frozenset(TESTS)):
        with sample_tree(PROJECT | {"docs/a.md": text}) as root:
            for program in ("tools/run", "tools/test", "tools/bench", "build/bin/banyanctl"):
                pathlib.Path(root, program).chmod(stat.S_IRWXU)
            commands.help_of.cache_clear()
            return commands.problems(root, root / "build", tests)

    @unittest.mock.patch("session.PATIENCE", 2)
    def test_commands_that_do_not_work_are_refused(self):
        for what, text in REFUSED.items():
            with self.subTest(what):
                self.assertEqual(len(self.problems(text)), 1)

    def test_commands_that_work_are_accepted(self):
        for what, text in ACCEPTED.items():
            with self.subTest(what):
                self.assertEqual(self.problems(text), [])

    def test_a_command_that_no_test_runs_is_refused(self):
        found = self.problems(sh("true"), tests=TESTS - {"check.commands"})
        self.assertIn("tools/test is to be run by check.commands, which is no test", found)

    def test_a_violation_names_its_place(self):
        found = self.problems("# Title\n\n" + sh("true") + "\n" + sh("false"))
        self.assertEqual([problem.partition(" ")[0] for problem in found], ["docs/a.md:7:"])


if __name__ == "__main__":
    unittest.main()
