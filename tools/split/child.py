"""A process that is started again whenever it ends, and the log that all of them share."""
import ctypes
import json
import signal
import subprocess
import threading
import time

PAUSE = 0.2  # seconds before the next start
PR_SET_PDEATHSIG = 1
SHOWN = ("warning", "error")
libc = ctypes.CDLL(None)
saying = threading.Lock()


def say(line):
    """A line on the terminal, whole whoever else says something."""
    with saying:
        print(line, flush=True)


def die_with_parent():
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Log:
    """One file for the lines of all. What is serious is shown on the terminal too."""

    def __init__(self, path):
        self.path = path
        self.file = open(path, "a", encoding="utf-8", buffering=1)
        self.lock = threading.Lock()

    def add(self, name, line):
        try:
            record = json.loads(line)
        except ValueError:
            record = None
        if not isinstance(record, dict):
            # Not a line of the log: what a program says on its standard output.
            record = {"level": "info", "service": name, "message": line}
            line = json.dumps(record)
        with self.lock:
            self.file.write(line + "\n")
            if record.get("level") in SHOWN:
                say(f"{name}: {record['level']}: {record.get('message')} {record.get('cause', '')}")


class Child:
    def __init__(self, name, command, environment, log):
        self.name = name
        self.command = command
        self.environment = environment
        self.log = log
        self.stopping = threading.Event()
        self.process = None
        self.administration = None  # its URL, once it has said so
        self.keeper = None
        self.start()

    def start(self, variables=None):
        """Keeps it alive from now on. The variables are in the environment of the first process only."""
        started = threading.Event()
        self.stopping.clear()
        self.keeper = threading.Thread(target=self.keep, args=(variables or {}, started), daemon=True)
        self.keeper.start()
        started.wait()

    def keep(self, variables, started):
        while not self.stopping.is_set():
            self.process = subprocess.Popen(
                self.command, env={**self.environment, **variables}, stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                start_new_session=True, preexec_fn=die_with_parent)
            variables = {}
            say(f"pid {self.name} {self.process.pid}")
            started.set()
            if self.stopping.is_set():
                self.process.terminate()
            for line in self.process.stdout:
                self.listen(line)
                self.log.add(self.name, line.rstrip("\n"))
            status = self.process.wait()
            if not self.stopping.is_set():
                self.log.add(self.name, json.dumps({"level": "warning", "service": self.name,
                                                    "message": f"ended with {status}, is started again"}))
                time.sleep(PAUSE)

    def listen(self, line):
        word, _, url = line.rstrip("\n").partition(" ")
        if word == "administration":
            self.administration = url
            say(f"administration {self.name} {url}")

    def signal(self, number):
        if self.process.poll() is None:
            self.process.send_signal(number)

    def stop(self, grace):
        self.stopping.set()
        self.process.terminate()
        self.keeper.join(grace)
        if self.keeper.is_alive():
            self.process.kill()
            self.keeper.join()
