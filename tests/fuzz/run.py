#!/usr/bin/env python3
"""Lets fuzzers of the preset fuzz look for findings, one after the other, and prints what came of it.

A finding is kept in <build>/findings/<fuzzer>/, and the command that shows it again is printed. What reaches
new code is kept in <build>/corpora/<fuzzer>/, from where the next run goes on.
"""
import argparse
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
# An input that takes longer or more memory than this is a finding: nothing here needs more than milliseconds.
LIMITS = ["-timeout=10", "-rss_limit_mb=2048", "-malloc_limit_mb=512", "-max_len=65536"]
PROGRESS = re.compile(r"cov: (\d+) ft: (\d+) corp: (\d+)/(\S+)")
EXECUTIONS = re.compile(r"stat::number_of_executed_units:\s*(\d+)")
KEPT_BYTES_MAX = 2048


class Fuzzer:
    def __init__(self, build, name):
        self.name = name
        self.program = build / "tests" / f"fuzz.{name}"
        self.dictionary = build / "tests" / f"fuzz.{name}.dict"
        self.committed = HERE / "corpora" / name
        self.corpus = build / "corpora" / name
        self.findings = build / "findings" / name
        self.result_file = build / "fuzz-results" / f"{name}.json"

    def command(self, *options):
        dictionary = [f"-dict={self.dictionary}"] if self.dictionary.exists() else []
        return [str(self.program), *LIMITS, *dictionary, *options]

    def run(self, seconds):
        """Runs it for so long, or until it has found something. What came of it, and its output."""
        for folder in (self.corpus, self.findings, self.result_file.parent):
            folder.mkdir(parents=True, exist_ok=True)
        command = self.command(f"-max_total_time={seconds}", "-print_final_stats=1", "-use_value_profile=1",
                               f"-artifact_prefix={self.findings}/", str(self.corpus), str(self.committed))
        began = time.monotonic()
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
                              env=environment())
        output = done.stdout.decode(errors="replace")
        steps = PROGRESS.findall(output)
        edges, features, count, size = steps[-1] if steps else ("0", "0", "0", "0b")
        executions = EXECUTIONS.search(output)
        return {"executions": int(executions.group(1)) if executions else 0,
                "seconds": round(time.monotonic() - began), "edges": int(edges), "features": int(features),
                "corpus": f"{count}, {size}", "findings": int(done.returncode != 0)}, output

    def note(self, result):
        """Adds a run to those before it."""
        before = read_result(self.result_file)
        for sum_of in ("executions", "seconds", "findings"):
            result[sum_of] += before.get(sum_of, 0)
        self.result_file.write_text(json.dumps(result), encoding="utf-8")

    def newest_finding(self):
        files = sorted(self.findings.iterdir(), key=lambda file: file.stat().st_mtime)
        return files[-1] if files else None

    def keep(self, count):
        """Copies the smallest inputs that reach what the committed ones do not into tests/fuzz/corpora."""
        with tempfile.TemporaryDirectory() as folder:
            merge = self.command("-merge=1", folder, str(self.committed), str(self.corpus))
            subprocess.run(merge, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                           env=environment())
            known = {digest(file) for file in self.committed.iterdir()}
            new = [file for file in pathlib.Path(folder).iterdir() if digest(file) not in known]
            small = sorted((file for file in new if file.stat().st_size <= KEPT_BYTES_MAX),
                           key=lambda file: (file.stat().st_size, file.name))
            for file in small[:count]:
                shutil.copy(file, self.committed / digest(file)[:12])
            print(f"{self.name}: {len(small[:count])} of {len(new)} inputs that reach more are kept")


def digest(file):
    return hashlib.sha1(file.read_bytes()).hexdigest()


def environment():
    """Symbols in reports, and no report about memory that libraries keep until the end."""
    return {**os.environ, "ASAN_OPTIONS": "detect_leaks=1:allocator_may_return_null=1",
            "UBSAN_OPTIONS": "print_stacktrace=1"}


def read_result(file):
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


def names_in(build):
    return sorted(file.name.removeprefix("fuzz.") for file in (build / "tests").glob("fuzz.*")
                  if file.suffix != ".dict")


def table(build):
    lines = ["| Fuzzer | Executions | Seconds | Edges | Features | Corpus | Findings |",
             "|---|---:|---:|---:|---:|---:|---:|"]
    for name in names_in(build):
        result = read_result(build / "fuzz-results" / f"{name}.json")
        if result:
            cells = [name, *(f"{result[key]:,}" for key in ("executions", "seconds", "edges", "features")),
                     result["corpus"], str(result["findings"])]
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def run(fuzzer, seconds):
    """True if nothing was found."""
    result, output = fuzzer.run(seconds)
    print(f"{fuzzer.name}: {result['executions']:,} executions in {result['seconds']} s, "
          f"{result['edges']:,} edges, {result['features']:,} features, corpus {result['corpus']}, "
          f"{result['findings']} findings", flush=True)
    found = result["findings"]
    fuzzer.note(result)
    if not found:
        return True
    print(output[-12000:])
    finding = fuzzer.newest_finding()
    print(f"{fuzzer.name}: FOUND; see it again with:\n  {fuzzer.program} {finding}" if finding
          else f"{fuzzer.name}: it ended before it had an input; see above", flush=True)
    return False


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--build", type=pathlib.Path, default=HERE.parents[1] / "build" / "fuzz",
                           help="the build folder of the preset fuzz")
    arguments.add_argument("--seconds", type=int, default=int(os.environ.get("FUZZ_SECONDS", "60")),
                           help="for each fuzzer; else FUZZ_SECONDS, else 60")
    arguments.add_argument("--keep", type=int, metavar="COUNT",
                           help="do not run; add at most COUNT inputs to each committed corpus")
    arguments.add_argument("--table", action="store_true", help="do not run; print what came of all runs")
    arguments.add_argument("names", nargs="*", help="fuzzers; else all")
    given = arguments.parse_args()
    build = given.build.resolve()
    fuzzers = [Fuzzer(build, name) for name in given.names or names_in(build)]
    if not fuzzers:
        sys.exit(f"there is no fuzzer in {build}/tests; next: tools/fuzz")
    if given.table:
        print(table(build))
    elif given.keep is not None:
        for fuzzer in fuzzers:
            fuzzer.keep(given.keep)
    else:
        results = [run(fuzzer, given.seconds) for fuzzer in fuzzers]
        if len(fuzzers) > 1:
            print("\n" + table(build))
        sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
