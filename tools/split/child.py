"""A process that is started again whenever it ends, and the log that all of them share."""
import ctypes
import json
import shutil
import signal
import subprocess
import threading
import time

PAUSE = 0.2      # seconds before the next start; doubled each time for who ends at once again,
PAUSE_MAX = 5.0  # up to this
STEADY = 1.0     # seconds after which a process has not ended at once
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
        program = self.command[0]
        if shutil.which(program) is None:
            raise SystemExit(f"split: {self.name}: there is no program {program}; next: tools/build")
        started = threading.Event()
        self.stopping.clear()
        self.keeper = threading.Thread(target=self.keep, args=(variables or {}, started), daemon=True)
        self.keeper.start()
        started.wait()

    def keep(self, variables, started):
        pause = PAUSE
        while not self.stopping.is_set():
            began = time.monotonic()
            try:
                ending = self.run(variables, started)
            except OSError as error:
                ending = f"can't be started: {error}"
            variables = {}
            started.set()
            if self.stopping.is_set():
                return
            self.log.add(self.name, json.dumps({"level": "warning", "service": self.name,
                                                "message": f"{ending}, is started again"}))
            pause = PAUSE if time.monotonic() - began >= STEADY else pause
            self.stopping.wait(pause)
            pause = min(2 * pause, PAUSE_MAX)

    def run(self, variables, started):
        """One process, to its end; tells how it ended."""
        self.process = subprocess.Popen(
            self.command, env={**self.environment, **variables}, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
            start_new_session=True, preexec_fn=die_with_parent)
        say(f"pid {self.name} {self.process.pid}")
        started.set()
        if self.stopping.is_set():
            self.process.terminate()
        with self.process:
            for line in self.process.stdout:
                self.listen(line)
                self.log.add(self.name, line.rstrip("\n"))
        return f"ended with {self.process.returncode}"

    def listen(self, line):
        word, _, url = line.rstrip("\n").partition(" ")
        if word == "administration":
            self.administration = url
            say(f"administration {self.name} {url}")

    def signal(self, number):
        if self.process is not None:
            self.process.send_signal(number)  # does nothing if it has ended

    def stop(self, grace):
        self.stopping.set()
        self.signal(signal.SIGTERM)
        self.keeper.join(grace)
        if self.keeper.is_alive():
            self.signal(signal.SIGKILL)
            self.keeper.join()
