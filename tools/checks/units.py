#!/usr/bin/env python3
"""The units of deploy/systemd are right and closed: systemd finds no fault in them, every service binary has
one, its target wants them all, `systemd-analyze security` finds little that is open, and programs have the
options that the units name.
"""
import argparse
import itertools
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

import source_tree

UNITS = source_tree.PROJECT / "deploy" / "systemd"
INSTALLED = "/usr/lib/banyan/"
BROKER = pathlib.Path("/lib/systemd/system/nats-server.service")  # its unit is Debian's, ours adds to it
EXPOSURE_MAX = 2.0  # of 10


def analyze(*arguments):
    done = subprocess.run(["systemd-analyze", *map(str, arguments)], capture_output=True, text=True,
                          env={**os.environ, "SYSTEMD_PAGER": "", "SYSTEMD_COLORS": "0"}, check=False)
    return done.stdout + done.stderr


def install(units, build, folder):
    """The units, and the programs of the build folder in place of installed ones."""
    shutil.copytree(units, folder, dirs_exist_ok=True)
    if BROKER.exists():
        shutil.copy(BROKER, folder)
    for unit in folder.glob("*.service"):
        unit.write_text(unit.read_text().replace(INSTALLED, f"{build}/bin/"))


def faults(folder):
    """What systemd says about the units; it ends with 0 although it ignores what it does not understand."""
    units = [*folder.glob("*.service"), *folder.glob("*.target")]
    said = analyze("verify", "--man=no", *sorted(units))
    mine = {line.replace(f"{folder}/", "") for line in said.splitlines()
            if str(folder) in line or "banyan" in line}
    yield from sorted(mine)


def openings(folder):
    for unit in sorted(folder.glob("*.service")):
        said = analyze("security", "--no-pager", "--offline=yes", unit)
        level = re.search(r"Overall exposure level for \S+: ([0-9.]+)", said)
        if level is None:
            yield f"{unit.name}: {said.strip()}"
        elif float(level.group(1)) > EXPOSURE_MAX:
            yield f"{unit.name}: exposure {level.group(1)} is above {EXPOSURE_MAX}"


def commands_of(unit):
    """What a unit runs of ours, as words."""
    text = unit.read_text().replace("\\\n", " ")
    return [shlex.split(line) for line in re.findall(r"^ExecStart=(\S*banyan.*)$", text, re.MULTILINE)]


def unknown_options(folder):
    """Options in the units that our programs do not have. That a program is not there systemd says."""
    for unit in sorted(folder.glob("*.service")):
        for words in commands_of(unit):
            command = list(itertools.takewhile(lambda word: not word.startswith("-"), words))
            if not pathlib.Path(command[0]).exists():
                continue
            known = subprocess.run([*command, "--help"], capture_output=True, text=True, check=False).stdout
            for option in filter(lambda word: word.startswith("--"), words):
                if not re.search(rf"{option}(?![\w-])", known):
                    yield f"{unit.name}: {pathlib.Path(command[0]).name} has no {option}"


def gaps(folder, binaries):
    wanted = (folder / "banyan.target").read_text().splitlines()
    for name in sorted(binaries):
        if not (folder / f"{name}.service").exists():
            yield f"{name} has no unit"
    for unit in sorted(folder.glob("*.service")):
        if f"Wants={unit.name}" not in wanted:
            yield f"banyan.target does not want {unit.name}"


def problems(units, build, binaries):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        install(units, build, folder)
        return [*gaps(folder, binaries), *unknown_options(folder), *faults(folder), *openings(folder)]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    build = parser.parse_args().build.resolve()
    sources = (source_tree.PROJECT / "deploy" / "binaries").glob("banyan_*.cpp")
    found = problems(UNITS, build, {path.stem.replace("_", "-") for path in sources})
    print("\n".join(found) if found else "no violations")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
