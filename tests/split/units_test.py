#!/usr/bin/env python3
"""Does by hand what systemd does with deploy/systemd: each unit is a process of a user of its own, and has
the credentials and folders that its unit names, no more. Then orders are placed. Only root may; others skip.

usage: units_test.py PROGRAMS
"""
import os
import pathlib
import random
import re
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import time

UNITS = pathlib.Path(__file__).resolve().parents[2] / "deploy/systemd"
PROGRAMS = pathlib.Path(sys.argv[-1]).resolve()
BROKER = "nats-server.service"
FIRST_USER = 61_200
PATIENCE = 30  # seconds until all is well
GRACE = 20     # seconds to stop
PRIVATE = 0o700


def free_ports(count):
    """So many in a row, below those that the system gives away."""
    for first in random.sample(range(10_000, 20_000, count), 100):
        try:
            for port in range(first, first + count):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
            return first
        except OSError:
            continue
    raise SystemExit("no free ports")


class Machine:
    """A folder in the place of /, and ports in the place of those that the units name."""

    def __init__(self, root):
        self.root = root
        first = free_ports(9)
        self.ports = {4222: first + 8} | {8080 + i: first + i for i in range(8)}
        self.environment = {"PATH": "/usr/bin:/bin", "BANYAN_NATS_URL": self.real("nats://127.0.0.1:4222")}
        self.user = FIRST_USER
        shutil.copytree(PROGRAMS, self.path("/usr/lib/banyan"))

    def path(self, path):
        return self.root / path.lstrip("/")

    def real(self, text):
        """What stands in a unit, as it is on this machine."""
        text = re.sub(r"(?<![\w/])/(etc/banyan|var/lib|usr/lib/banyan|run)\b", rf"{self.root}/\1", text)
        text = text.replace("%t", str(self.path("/run")))
        return re.sub(r"127\.0\.0\.1:(\d+)", lambda found: f"127.0.0.1:{self.ports[int(found[1])]}", text)

    def banyanctl(self, command):
        words = shlex.split(self.real(command))
        subprocess.run([self.path("/usr/lib/banyan/banyanctl"), *words], check=True,
                       stdout=subprocess.DEVNULL)

    def deploy(self):
        """What docs/how-to/deploy-split.md has people do first."""
        self.banyanctl("pki init --dir /etc/banyan/pki")
        self.banyanctl("pki issue --dir /etc/banyan/pki")
        self.banyanctl("keys init --dir /etc/banyan/keys")
        self.banyanctl(f"nats config --pki /run/credentials/{BROKER} --store-dir /var/lib/banyan-nats "
                       "--listen 127.0.0.1:4222 --out /etc/banyan/nats.conf")

    def make_folder(self, path, owner):
        path.mkdir(mode=PRIVATE, parents=True)
        os.chown(path, owner, owner)
        return path

    def hand_over(self, text, folder, owner):
        for name, file in re.findall(r"^LoadCredential=(\S+?):(\S+)$", text, re.MULTILINE):
            shutil.copy(self.real(file), folder / name)
            os.chmod(folder / name, 0o400)
            os.chown(folder / name, owner, owner)

    def start(self, name, text):
        self.user += 1
        own = self.make_folder(self.path(f"/run/credentials/{name}"), self.user)
        self.hand_over(text, own, self.user)
        for kind, place in (("State", "/var/lib"), ("Runtime", "/run")):
            for folder in " ".join(settings(text, f"{kind}Directory")).split():
                self.make_folder(self.path(place) / folder, self.user)
        for command in settings(text, "ExecStartPre"):
            self.run(command, own).wait()
        return self.run([line for line in settings(text, "ExecStart") if line][-1], own,
                        open(self.path(f"/{name}.log"), "w", encoding="utf-8"))

    def run(self, command, credentials, log=None):
        environment = self.environment | {"CREDENTIALS_DIRECTORY": str(credentials)}
        words = shlex.split(expanded(self.real(command), environment))
        drop = ["setpriv", f"--reuid={self.user}", f"--regid={self.user}", "--clear-groups", "--no-new-privs"]
        return subprocess.Popen([*drop, "--", *words], env=environment, umask=0o077, cwd="/", stdout=log,
                                stderr=subprocess.STDOUT if log else None)

    def is_well(self, port):
        url = self.real(f"http://127.0.0.1:{port}/health")
        ask = ["curl", "--silent", "--fail", "--output", "/dev/null", url]
        return subprocess.run(ask, check=False).returncode == 0


def settings(text, key):
    return re.findall(rf"^{key}=(.*)$", text, re.MULTILINE)


def expanded(command, environment):
    return re.sub(r"\$\{(\w+)\}", lambda found: environment[found[1]], command)


def units():
    """(name, text) of each unit, the broker's first."""
    files = {BROKER: UNITS / f"{BROKER}.d/banyan.conf"}
    files |= {path.name: path for path in sorted(UNITS.glob("banyan-*.service"))}
    return [(name, path.read_text(encoding="utf-8").replace("\\\n", " ")) for name, path in files.items()]


def place_orders(machine):
    end = time.monotonic() + PATIENCE
    while not all(machine.is_well(port) for port in range(8081, 8088)):
        if time.monotonic() > end:
            raise SystemExit(f"not all is well after {PATIENCE} s")
        time.sleep(0.1)
    for command in ("seed", "orders"):
        subprocess.run([machine.path("/usr/lib/banyan/banyan-demo"), command, "--url",
                        machine.real("http://127.0.0.1:8080")], check=True)


def stop(process):
    process.terminate()
    try:
        process.wait(GRACE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def main():
    if os.geteuid() != 0:
        return print("skipped: only root may start processes of other users")
    with tempfile.TemporaryDirectory(prefix="banyan-units-") as folder:
        os.chmod(folder, 0o755)
        machine = Machine(pathlib.Path(folder))
        machine.deploy()
        running = {}
        try:
            for name, text in units():
                running[name] = machine.start(name, text)
            place_orders(machine)
        except BaseException:
            for log in sorted(machine.root.glob("*.log")):
                print(f"{log.name}: {log.read_text(encoding='utf-8')[-1000:]}")
            raise
        finally:
            for process in reversed(running.values()):
                stop(process)
    wrong = [name for name, process in running.items() if process.returncode != 0 and name != BROKER]
    sys.exit(f"did not end well: {', '.join(wrong)}" if wrong else 0)


if __name__ == "__main__":
    main()
