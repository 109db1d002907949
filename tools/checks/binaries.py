#!/usr/bin/env python3
"""Checks that the binary of a module holds nothing of another module, and that of the gateway nothing of any.

Contracts are all that processes share.
"""
import argparse
import pathlib
import subprocess
import sys

import source_tree


def symbols(file):
    """The functions that an object, archive or program defines, mangled."""
    lines = subprocess.run(["nm", "--defined-only", file], capture_output=True, text=True, check=True).stdout
    rows = (line.split() for line in lines.splitlines())
    return {row[2] for row in rows if len(row) == 3 and row[1] == "T"}


def own_symbols(defined):
    """{module: what it alone defines}."""
    return {module: names - set().union(*(others for other, others in defined.items() if other != module))
            for module, names in defined.items()}


def problems(defined, binaries):
    """`defined`: {module: symbols of its library}; `binaries`: {name: symbols of the program}."""
    own = own_symbols(defined)
    for name, linked in sorted(binaries.items()):
        for module in sorted(own):
            strangers = own[module] & linked
            if name != f"banyan-{module}" and strangers:
                yield f"{name} holds {len(strangers)} functions of {module}, such as {min(strangers)}"
            if name == f"banyan-{module}" and not strangers:
                yield f"{name} does not hold its own module"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    build = parser.parse_args().build
    modules = sorted(folder.name for folder in (source_tree.PROJECT / "modules").iterdir())
    defined = {module: symbols(build / f"modules/{module}/libshop_{module}.a") for module in modules}
    names = [f"banyan-{module}" for module in modules] + ["banyan-gateway"]
    found = list(problems(defined, {name: symbols(build / "bin" / name) for name in names}))
    print("\n".join(found) if found else "no violations")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
