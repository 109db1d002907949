#!/usr/bin/env python3
"""What contractc does as a program: exit status, what it prints, which files it touches.

usage: cli_test.py CONTRACTC
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

SAMPLE = pathlib.Path(__file__).resolve().parent / "sample"
CONTRACTC = sys.argv.pop()


class Program(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        self.contract = self.root / "modules/sample/contract"
        shutil.copytree(SAMPLE, self.contract)
        self.output = self.root / "generated"

    def run_program(self, *arguments):
        return subprocess.run([CONTRACTC, *arguments], capture_output=True, text=True)

    def generate(self):
        return self.run_program("generate", self.contract, "--output", self.output)

    def files(self):
        paths = (path for path in self.output.rglob("*") if path.is_file())
        return {path.relative_to(self.output).as_posix(): path for path in paths}

    def spoil(self, old, new):
        file = self.contract / "sample.asyncapi.yaml"
        file.write_text(file.read_text().replace(old, new, 1))

    def test_generates_headers_and_sources(self):
        run = self.generate()
        self.assertEqual((run.returncode, run.stdout, run.stderr), (0, "", ""))
        names = ("client", "contract", "http", "messages", "reasons")
        headers = [f"include/shop/sample/{name}.hpp" for name in names]
        sources = [f"src/{name}.cpp" for name in ("client", "codec", "contract", "http")]
        self.assertEqual(sorted(self.files()), headers + sources)

    def test_takes_the_module_from_the_folder_or_as_it_is_told(self):
        elsewhere = shutil.copytree(self.contract, self.root / "elsewhere")
        self.assertEqual(self.run_program("check", f"{self.contract}/").returncode, 0)
        self.assertEqual(self.run_program("check", f"sample={elsewhere}").returncode, 0)

    def test_leaves_files_alone_that_would_not_change(self):
        self.generate()
        for path in self.files().values():
            os.utime(path, (1000, 1000))
        self.spoil("description: In the order of assembly.", "description: In the order of use.")
        self.generate()
        touched = sorted(name for name, path in self.files().items() if path.stat().st_mtime != 1000)
        self.assertEqual(touched, ["include/shop/sample/messages.hpp", "src/contract.cpp", "src/http.cpp"])

    def test_writes_nothing_and_says_everything_if_a_contract_is_wrong(self):
        self.spoil("anything: {type: integer}", "anything: {type: whatever}")
        self.spoil("asyncapi: 3.0.0", "asyncapi: 2.0.0")
        run = self.generate()
        self.assertEqual((run.returncode, run.stdout), (1, ""))
        lines = run.stderr.splitlines()
        self.assertEqual(len(lines), 2)
        self.assertEqual(lines[0].split(": ")[0], f"{self.contract}/sample.asyncapi.yaml:1:11")
        self.assertFalse(self.output.exists())

    def test_refuses_arguments_that_it_does_not_know(self):
        self.assertEqual(self.run_program("generate", self.contract).returncode, 2)
        self.assertEqual(self.run_program("guess", self.contract).returncode, 2)
        self.assertEqual(self.run_program().returncode, 2)
        self.assertEqual(self.run_program("--help").returncode, 0)

    def test_prints_documents_or_writes_them(self):
        printed = self.run_program("catalogue", self.contract)
        self.assertTrue(printed.stdout.startswith("# Message catalogue"))
        self.run_program("catalogue", self.contract, "--output", self.root / "docs/messages.md")
        self.assertEqual((self.root / "docs/messages.md").read_text(), printed.stdout)
        self.assertIn("flowchart", self.run_program("diagram", self.contract).stdout)
        merged = self.run_program("merge-openapi", self.contract, "--title", "Shop", "--api-version", "3.2.1")
        self.assertIn('"version": "3.2.1"', merged.stdout)

    def test_generates_who_sends_what_to_whom(self):
        run = self.run_program("topology", self.contract, "--output", self.output)
        self.assertEqual((run.returncode, run.stdout, run.stderr), (0, "", ""))
        self.assertEqual(sorted(self.files()), ["include/shop/topology.hpp", "src/topology.cpp"])

    def test_generates_no_topology_from_contracts_that_do_not_fit_together(self):
        self.spoil("channels:\n", "x-banyan-uses:\n  events: {nobody: [ThingMade]}\nchannels:\n")
        run = self.run_program("topology", self.contract, "--output", self.output)
        self.assertEqual(run.returncode, 1)
        self.assertIn("there is no module 'nobody'", run.stderr)
        self.assertFalse(self.output.exists())

    def test_says_that_a_file_cannot_be_written(self):
        self.output.write_text("a file where the folder should be")
        run = self.generate()
        self.assertEqual(run.returncode, 1)
        self.assertIn("cannot be written", run.stderr)


if __name__ == "__main__":
    unittest.main()
