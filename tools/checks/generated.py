#!/usr/bin/env python3
"""Checks that generated files in docs/ and deploy/ are what the build makes; --update writes them.

They are kept in the repository so that a new dependency or a changed message is seen in review.
"""
import argparse
import pathlib
import subprocess
import sys

import source_tree

NOTICE = "<!-- Generated: tools/checks/generated.py --update -->\n"


def edges_of(graph):
    """[(from, its layer, to, its layer)] of what the configure step wrote."""
    rows = (line.split() for line in graph.splitlines())
    return sorted((source, int(layer), target, int(below)) for source, layer, target, below in rows)


def component_graph(graph):
    """The components by layer, and every edge that a CMakeLists.txt declares."""
    edges = edges_of(graph)
    layers = {}
    for source, layer, target, below in edges:
        layers.setdefault(layer, set()).add(source)
        layers.setdefault(below, set()).add(target)
    lines = [NOTICE, "# Components", "",
             "An arrow leads to what a component uses, and to a smaller layer number.", "",
             "```mermaid", "flowchart TD"]
    for layer in sorted(layers, reverse=True):
        names = "; ".join(sorted(layers[layer]))
        lines += [f'  subgraph layer{layer}["{layer}"]', f"    {names}", "  end"]
    lines += [f"  {source} --> {target}" for source, _, target, _ in edges]
    return "\n".join(lines + ["```", ""])


def printed(*command):
    """What a program of the build prints."""
    return subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout


def from_contracts(build, what):
    """What contractc makes of all contracts together."""
    folders = sorted(source_tree.PROJECT.glob("modules/*/contract"))
    return NOTICE + "\n" + printed(build / "bin/contractc", what, *folders)


def settings(build):
    """Every setting of the binary of all modules."""
    return NOTICE + "\n# Settings\n\n" + printed(build / "bin/banyan", "--print-reference")


def nats_config(build, *options):
    """What one nats-server reads, with the folders of a usual installation."""
    return printed(build / "bin/banyanctl", "nats", "config", "--pki", "/etc/banyan/pki",
                   "--store-dir", "/var/lib/banyan/nats", *options)


def nats_configs(build):
    """{path: text} for one server, and for each of a cluster."""
    members = ("nats-1", "nats-2", "nats-3")
    together = ("--listen", "0.0.0.0:4222", "--cluster", ",".join(members))
    cluster = {f"deploy/nats/cluster/{member}.conf": nats_config(build, "--name", member, *together)
               for member in members}
    return {"deploy/nats/server.conf": nats_config(build), **cluster}


def documents(build):
    """{path: text} of every generated file."""
    return nats_configs(build) | {
        "docs/generated/components.md": component_graph(source_tree.read(build, "component-graph.txt")),
        "docs/generated/message-catalogue.md": from_contracts(build, "catalogue"),
        "docs/generated/modules.md": from_contracts(build, "diagram"),
        "docs/generated/settings.md": settings(build),
    }


def problems(root, expected):
    found = []
    for path, text in expected.items():
        file = root / path
        if not file.is_file() or file.read_text(encoding="utf-8") != text:
            found.append(f"{path}:1: is not up to date; run tools/checks/generated.py --update")
    return found


def update(root, expected):
    for path, text in expected.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--build", type=pathlib.Path, default=source_tree.PROJECT / "build",
                           help="a folder that was configured and built")
    arguments.add_argument("--update", action="store_true", help="write the files")
    options = arguments.parse_args()
    expected = documents(options.build)
    if options.update:
        update(source_tree.PROJECT, expected)
    found = problems(source_tree.PROJECT, expected)
    print("\n".join(found) if found else "up to date")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
