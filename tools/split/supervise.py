#!/usr/bin/env python3
"""Runs modules of the shop as processes of their own, with a NATS server between them.

Makes certificates and the server's configuration; starts the server, what keeps its streams in shape, a
process for each module, and the gateway. Processes that end are started again. All their logs go into one
file, and what is serious to the terminal too. For development: deploy/ has what production needs.

Says "pid NAME NUMBER" and "administration NAME URL" at each start of a process, and "serving URL" once
everything is ready. SIGINT or SIGTERM stops all; SIGHUP has all read new certificates.

With --commands it then reads lines: "stop NAME" (says "stopped NAME"), "start NAME [VARIABLE=VALUE ...]",
whose variables are in the environment of that one start.
"""
import argparse
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import child

MODULES = ("users", "inventory", "orders", "payments", "shipping", "notifications")
PATIENCE = 60  # seconds until everything has to be ready
GRACE = 15     # seconds that a process has to stop


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", type=pathlib.Path, required=True, help="where the programs are")
    parser.add_argument("--data-dir", type=pathlib.Path, default=pathlib.Path("data"))
    parser.add_argument("--port", type=int, default=8080, help="of the gateway; 0: any")
    parser.add_argument("--modules", default=",".join(MODULES),
                        help="which ones get a process of their own; the others share one with the gateway")
    parser.add_argument("--certificate-days", type=int, default=1, help="how long certificates are good")
    parser.add_argument("--nats-namespace", metavar="NAME,ADDRESS", default=",127.0.0.1",
                        help="network namespace of the NATS server, and its address there")
    parser.add_argument("--commands", action="store_true", help="read commands from the standard input")
    options = parser.parse_args()
    options.modules = [name for name in options.modules.split(",") if name]
    unknown = [name for name in options.modules if name not in MODULES]
    if unknown or not options.modules:
        parser.error(f"--modules: no module is called {', '.join(unknown) or 'nothing'}; "
                     f"there are {', '.join(MODULES)}")
    return options


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Split:
    """All the processes. What lasts lies in the data directory: a new start goes on where the last ended."""

    def __init__(self, options):
        self.bin = options.bin.absolute()
        self.data = options.data_dir.absolute()
        self.certificate_days = options.certificate_days
        self.alone = options.modules
        self.together = [name for name in MODULES if name not in options.modules]
        self.fixed_port = options.port != 0
        self.port = options.port or free_port()
        self.nats_namespace, address = options.nats_namespace.split(",")
        self.nats_listen = f"{address}:{free_port()}"
        self.children = []
        self.data.mkdir(parents=True, exist_ok=True)
        self.log = child.Log(self.data / "banyan.log")

    def banyanctl(self, *arguments):
        command = [self.bin / "banyanctl", *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise SystemExit(f"split: {' '.join(map(str, command))} failed:\n{done.stderr}{done.stdout}")

    def prepare(self):
        """Certificates for everyone, keys for their tokens, and the server's configuration."""
        pki = self.data / "pki"
        if not pki.exists():
            self.banyanctl("pki", "init", "--dir", pki)
        self.banyanctl("pki", "issue", "--dir", pki, "--days", self.certificate_days)
        self.banyanctl("keys", "init", "--dir", self.data / "keys")
        self.banyanctl("nats", "config", "--pki", pki, "--out", self.data / "nats.conf",
                       "--listen", self.nats_listen, "--store-dir", self.data / "nats")

    def commands(self):
        """(name, command) of each process. The order does not matter: each one waits for what it needs."""
        url = f"nats://{self.nats_listen}"
        common = ["--nats-url", url, "--pki", self.data / "pki", "--keys", self.data / "keys"]
        stores = ["--data-dir", self.data]
        inside = ["ip", "netns", "exec", self.nats_namespace] if self.nats_namespace else []
        yield "nats-server", [*inside, nats_server(), "-c", self.data / "nats.conf"]
        yield "provisioner", [self.bin / "banyanctl", "nats", "provision", "--watch", "--url", url,
                              "--pki", self.data / "pki"]
        for name in self.alone:
            yield name, [self.bin / f"banyan-{name}", *stores, *common, "--admin-listen", "127.0.0.1:0"]
        with_modules = ["banyan", "--modules", ",".join(self.together), *stores]
        gateway = with_modules if self.together else ["banyan-gateway"]
        yield "gateway", [self.bin / gateway[0], *gateway[1:], *common, "--listen", f"127.0.0.1:{self.port}",
                          "--admin-listen", f"127.0.0.1:{self.port + 1 if self.fixed_port else 0}"]

    def start(self):
        self.prepare()
        os.environ["BANYAN_LOG_DESTINATION"] = "stderr"  # to here, and from here into the one file
        for name, command in self.commands():
            is_gateway = name == "gateway"
            environment = environment_of(self.together if is_gateway else [name], is_gateway)
            self.children.append(child.Child(name, list(map(str, command)), environment, self.log))
        self.wait_until_ready()

    def wait_until_ready(self):
        url = f"http://127.0.0.1:{self.port}"
        deadline = time.monotonic() + PATIENCE
        while not (all(child_is_ready(process) for process in self.services()) and is_ready(url)):
            if time.monotonic() > deadline:
                raise SystemExit(f"split: not ready within {PATIENCE} s; the reason is in {self.log.path}")
            time.sleep(0.05)
        child.say(f"serving {url}")

    def services(self):
        return [process for process in self.children if process.name in self.alone]

    def obey(self, command, name, *settings):
        process = next(process for process in self.children if process.name == name)
        if command == "stop":
            process.stop(GRACE)
            child.say(f"stopped {name}")
        elif command == "start":
            process.start(dict(setting.split("=", 1) for setting in settings))

    def reload(self, *_):
        """All read their certificates again, the server its configuration too."""
        for process in self.children:
            process.signal(signal.SIGHUP)

    def stop(self):
        """The gateway first, the server last: what is under way can still end."""
        for process in reversed(self.children):
            process.stop(GRACE)


def environment_of(modules, is_gateway):
    """This one's, without the settings of what is elsewhere: a process refuses what it has not."""
    elsewhere = tuple(f"BANYAN_{name.upper()}_" for name in MODULES if name not in modules)
    if not is_gateway:
        elsewhere += ("BANYAN_RESILIENCE_",)  # only the gateway calls modules
    return {name: value for name, value in os.environ.items() if not name.startswith(elsewhere)}


def nats_server():
    for folder in (*os.environ.get("PATH", "").split(":"), "/usr/sbin"):
        program = pathlib.Path(folder, "nats-server")
        if program.exists():
            return program
    raise SystemExit("split: there is no nats-server; install it: tools/setup")


def child_is_ready(process):
    return process.administration is not None and is_ready(process.administration)


def is_ready(url):
    try:
        with urllib.request.urlopen(url + "/health/ready", timeout=1):
            return True
    except (urllib.error.URLError, OSError):
        return False


def interrupt(*_):
    raise KeyboardInterrupt


def main():
    signal.signal(signal.SIGINT, interrupt)
    signal.signal(signal.SIGTERM, interrupt)
    options = parse_arguments()
    os.umask(0o077)  # what is stored is the owner's alone
    split = Split(options)
    signal.signal(signal.SIGHUP, split.reload)
    try:
        split.start()
        for line in sys.stdin if options.commands else ():
            split.obey(*line.split())
        while True:
            signal.pause()
    except KeyboardInterrupt:
        pass
    finally:
        split.stop()


if __name__ == "__main__":
    main()
