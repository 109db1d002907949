"""A shell in a copy of the checkout, in which the commands of one document run.

Addresses and folders that documents name are replaced in commands, and put back in what the commands print.
"""
import itertools
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

COPIED = ("CMakeLists.txt", "deploy", "docs", "modules", "tools")
FOLDERS = {"/etc/banyan": "etc/banyan", "/var/lib/banyan": "var/lib/banyan", "/var/backups": "var/backups"}
ADDRESS = re.compile(r"\b(?:127\.0\.0\.1|0\.0\.0\.0|10\.0\.0\.\d+):(\d+)\b")
PORTS = range(20_000, 30_000)  # below those that the system gives to whoever asks for any
PATIENCE = 40  # seconds for one command
GRACE = 20     # seconds to stop
OUTPUT_SHOWN = 1000
SETUP_ONLY = "#!/bin/sh\n# Everything is built.\n"
given_ports = set()
giving = threading.Lock()


class Failure(Exception):
    """A command did not do what its document says."""


def nats_server():
    return shutil.which("nats-server", path=os.environ["PATH"] + ":/usr/sbin") or "nats-server"


def is_free(port):
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
            return port not in given_ports
        except OSError:
            return False


def take_ports(count):
    """The first of that many free ports in a row."""
    with giving:
        while True:
            first = random.choice(PORTS[:-count])
            if all(is_free(port) for port in range(first, first + count)):
                given_ports.update(range(first, first + count))
                return first


def matches(expected, printed):
    """Whether that was printed; … stands for anything, a line of … for any lines, spaces for more of them."""
    pattern = ""
    for line in expected.splitlines():
        whole = re.escape(aligned(line)).replace("…", ".*?") + r"\n"
        pattern += r"(?:.*\n)*?" if line.strip() == "…" else whole
    return re.fullmatch(pattern, aligned(printed.rstrip("\n") + "\n")) is not None


def aligned(text):
    """Without what only lines up the columns of a table."""
    return re.sub(r"---+", "---", re.sub(r" +", " ", text))


class Session:
    """The commands of one document, one after the other, with the folders and variables of those before."""

    def __init__(self, root, build):
        self.root = root
        self.build = build
        self.scratch = tempfile.TemporaryDirectory(prefix="banyan-docs-")
        self.folder = pathlib.Path(self.scratch.name)
        self.ports = {}
        self.count = itertools.count()
        self.background = []
        self.shell = None

    def __enter__(self):
        self.prepare()
        environment = {name: value for name, value in os.environ.items() if not name.startswith("BANYAN_")}
        environment |= {"HOME": str(self.folder), "PATH": f"{self.build}/bin:{os.environ['PATH']}:/usr/sbin"}
        self.shell = subprocess.Popen(
            ["bash", "-s"], cwd=self.folder / "checkout", env=environment, stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True, start_new_session=True)
        self.say("set -m")
        return self

    def prepare(self):
        """The checkout, built; curl fails where the answer is an error."""
        checkout = self.folder / "checkout"
        (checkout / "build").mkdir(parents=True)
        for name in COPIED:
            source = self.root / name
            if source.is_dir():
                shutil.copytree(source, checkout / name, symlinks=True)
            elif source.exists():
                shutil.copy(source, checkout)
        (checkout / "build/bin").symlink_to(self.build / "bin")
        if (checkout / "tools/run").exists():
            (checkout / "tools/build").write_text(SETUP_ONLY)
            script = checkout / "tools/run"
            ours = script.read_text().replace("port=8080", f"port={self.port(8080)}")
            script.write_text(ours.replace(" --fail ", " "))  # all do, and curl wants to be told but once
        (self.folder / ".curlrc").write_text("fail-with-body\n")
        for folder in FOLDERS.values():
            (self.folder / folder).mkdir(parents=True)

    def port(self, documented):
        """The one that stands for a port that a document names; administration is on the one after HTTP's."""
        if documented == 8081:
            return self.port(8080) + 1
        if documented not in self.ports:
            self.ports[documented] = take_ports(2)
        return self.ports[documented]

    def to_real(self, text):
        text = ADDRESS.sub(lambda found: f"127.0.0.1:{self.port(int(found[1]))}", text)
        for documented, real in FOLDERS.items():
            text = text.replace(documented, f"{self.folder}/{real}")
        return text

    def to_documented(self, text):
        for documented, real in FOLDERS.items():
            text = text.replace(f"{self.folder}/{real}", documented)
        for documented, real in self.ports.items():
            text = text.replace(f"127.0.0.1:{real + 1}", f"127.0.0.1:{documented + 1}")
            text = text.replace(f"127.0.0.1:{real}", f"127.0.0.1:{documented}")
        return text

    def say(self, command):
        try:
            self.shell.stdin.write(command + "\n")
            self.shell.stdin.flush()
        except BrokenPipeError:
            pass  # it has ended; whoever waits for it sees that

    def run(self, command, expected=None, goes_on_until=None):
        """Fails unless the command ends well, or prints what is expected, or goes on and prints that text."""
        number = next(self.count)
        script, output, status = (self.folder / f"{number}.{kind}" for kind in ("sh", "out", "status"))
        script.write_text(self.to_real(command))
        if goes_on_until is not None:
            self.say(f"(set -euo pipefail; . {script}) </dev/null >{output} 2>&1 & echo $! >{status}")
            self.background.append(status)
            self.wait(lambda: goes_on_until in self.printed(output), output, f"says '{goes_on_until}'")
            return
        strictly = "set -euo pipefail; " if expected is None else ""
        self.say(f"trap 'echo $? >{status}' EXIT; {strictly}. {script} </dev/null >{output} 2>&1; "
                 f"echo $? >{status}; set +euo pipefail")
        self.wait(lambda: self.printed(status).endswith("\n"), output, "ends")
        if expected is not None and not matches(expected, self.printed(output)):
            raise Failure(f"`{command.strip()}` prints\n{self.printed(output)}")
        if expected is None and self.printed(status) != "0\n":
            what = f"ended with {self.printed(status)}{self.printed(output)[-OUTPUT_SHOWN:]}"
            raise Failure(f"`{command.strip()}` {what}")

    def printed(self, file):
        return self.to_documented(file.read_text(errors="replace")) if file.exists() else ""

    def wait(self, is_done, output, what):
        end = time.monotonic() + PATIENCE
        while not is_done():
            has_ended = self.shell.poll() is not None and not is_done()
            if has_ended or time.monotonic() > end:
                printed = self.printed(output)[-OUTPUT_SHOWN:]
                raise Failure(f"waited until it {what}, in vain; it printed\n{printed}")
            time.sleep(0.02)

    def __exit__(self, *_):
        """What goes on is told to stop, the last first; nothing is left behind."""
        for status in reversed(self.background):
            self.stop(int(self.printed(status) or 0))
        for process in members(self.shell.pid):
            end(os.kill, process, signal.SIGKILL)
        self.shell.wait()
        self.shell.stdin.close()
        self.scratch.cleanup()

    @staticmethod
    def stop(group):
        last = time.monotonic() + GRACE
        is_there = group and end(os.killpg, group, signal.SIGTERM)
        while is_there and time.monotonic() < last:
            time.sleep(0.02)
            is_there = end(os.killpg, group, 0)


def members(session):
    """The processes of a session, whatever their groups."""
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has ended
        if int(fields[3]) == session:
            yield int(stat.parent.name)


def end(how, target, number):
    """Sends a signal; False if nobody is there."""
    try:
        how(target, number)
        return True
    except ProcessLookupError:
        return False
