"""What the benchmarks over HTTP share: the servers, wrk, and how a figure is reported."""
import argparse
import contextlib
import json
import os
import pathlib
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid

SOURCES = pathlib.Path(__file__).resolve().parent
SUPERVISOR = SOURCES.parents[1] / "tools/split/supervise.py"
PROGRAMS = pathlib.Path(sys.argv[0]).absolute().parents[1] / "bin"
CONNECTIONS = 64
MIB = 1 << 20
MODULES = ("users", "inventory", "orders", "payments", "shipping", "notifications")
CONFIRMED = re.compile(
    r'banyan_consumer_messages_total{module="notifications",outcome="done",'
    r'type="orders.order_confirmed.v1"} (\d+)')


def parse_options():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--smoke", action="store_true", help="measure next to nothing")
    arguments.add_argument("--full", action="store_true", help="measure the amounts of the requirements")
    options = arguments.parse_args()
    options.turns, options.seconds = (1, 1) if options.smoke else (5, 4)
    return options


def free_port():
    with socket.socket() as candidate:
        candidate.bind(("127.0.0.1", 0))
        return candidate.getsockname()[1]


def wait_until(is_true, what, seconds=600):
    end = time.monotonic() + seconds
    while not is_true():
        if time.monotonic() > end:
            raise SystemExit(f"waited {seconds} s in vain: {what}")
        time.sleep(0.1)


def answers(url):
    with contextlib.suppress(OSError):
        return urllib.request.urlopen(url, timeout=5).status == 200
    return False


@contextlib.contextmanager
def running(command, url):
    """The URL of a server, which is there while it is needed."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            wait_until(lambda: answers(url) or process.poll() is not None, f"no answer of {url}", 30)
            yield process
        finally:
            process.terminate()


@contextlib.contextmanager
def raw_server(document_bytes):
    """The bare Beast server, with as many threads as Banyan's gateway."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with running([PROGRAMS / "bench_raw_http", str(port), "1", str(document_bytes)], url):
        yield url


class Shop:
    """A Banyan process with a customer and two products, of each a million. `administration`: the URL of
    each module's process."""

    def __init__(self, url, pids, administration):
        self.url = url
        self.pids = pids
        self.administration = administration

    def fill(self):
        customer = self.post("/v1/customers", {"name": "Maria Anders", "email": "maria@example.com"})
        self.product_ids = [self.add_product(sku) for sku in ("SKU-1", "SKU-2")]
        self.order = {
            "customer_id": customer["customer_id"],
            "lines": [{"product_id": product_id, "quantity": 1} for product_id in self.product_ids],
            "ship_to": {"name": "Maria Anders", "street": "Obere Str. 57", "city": "Berlin",
                        "postal_code": "12209", "country": "Germany"},
            "payment_method": "tok_visa"}
        wait_until(self.is_at_rest, "the registration has reached everyone")

    def add_product(self, sku):
        product = {"sku": sku, "name": "Chai", "category": "Beverages",
                   "unit_price": {"amount_minor": 1800, "currency": "EUR"}, "initial_stock": 1_000_000}
        return self.post("/v1/products", product)["product_id"]

    def get(self, url):
        with urllib.request.urlopen(url, timeout=30) as response:
            return response.read()

    def post(self, path, document):
        request = urllib.request.Request(self.url + path, json.dumps(document).encode(), {
            "Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())})
        with urllib.request.urlopen(request, timeout=30) as response:
            return json.load(response)

    def is_at_rest(self):
        """No message is under way and no saga runs."""
        with contextlib.suppress(OSError):
            healths = [json.loads(self.get(url + "/health")) for url in set(self.administration.values())]
            return all(module["outbox_depth"] == 0 and module["waiting_commands"] == 0
                       for health in healths for module in health["modules"])
        return False

    def confirmed(self):
        """How many orders went through all of the checkout, as a module hears that listens to orders."""
        metrics = self.get(self.administration["notifications"] + "/metrics").decode()
        found = CONFIRMED.search(metrics)
        return int(found[1]) if found else 0

    def resident_mib(self, which="VmRSS"):
        """Of the largest process."""
        return max(resident_mib(pid, which) for pid in self.pids)


def resident_mib(pid, which):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(rf"{which}:\s+(\d+) kB", status)[1]) * 1024 / MIB


@contextlib.contextmanager
def shop(settings=""):
    with tempfile.TemporaryDirectory(prefix="banyan-bench-") as directory:
        config = pathlib.Path(directory, "banyan.toml")
        # No file for each mail: it is not the file system that is measured.
        config.write_text(f'[log]\nlevel = "warning"\n[notifications]\nsender = "none"\n{settings}')
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        administration = f"127.0.0.1:{free_port()}"
        command = [PROGRAMS / "banyan", "--config", config, "--data-dir", f"{directory}/data",
                   "--listen", f"127.0.0.1:{port}", "--admin-listen", administration]
        with running(command, url + "/health/ready") as process:
            yield Shop(url, [process.pid], dict.fromkeys(MODULES, f"http://{administration}"))


@contextlib.contextmanager
def split_shop():
    """The same with a process for each module, and NATS with mTLS between them."""
    settings = {"BANYAN_LOG_LEVEL": "warning", "BANYAN_NOTIFICATIONS_SENDER": "none"}
    with tempfile.TemporaryDirectory(prefix="banyan-bench-") as directory:
        said = pathlib.Path(directory, "said")
        command = [sys.executable, SUPERVISOR, "--bin", PROGRAMS, "--data-dir", f"{directory}/data",
                   "--port", "0"]
        with said.open("w") as output, subprocess.Popen(command, stdout=output,
                                                        env={**os.environ, **settings}) as process:
            try:
                wait_until(lambda: "serving " in said.read_text() or process.poll() is not None,
                           "the split shop does not start", 60)
                yield split_shop_of(said.read_text())
            finally:
                process.terminate()


def split_shop_of(said):
    pids = dict(re.findall(r"^pid (\S+) (\d+)$", said, re.MULTILINE))
    administration = dict(re.findall(r"^administration (\S+) (\S+)$", said, re.MULTILINE))
    return Shop(re.search(r"^serving (\S+)$", said, re.MULTILINE)[1], [pids[name] for name in MODULES],
                {name: administration[name] for name in MODULES})


def wrk(url, seconds, *script):
    """Requests a second, and how many they were."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", *script[:2], url, *script[2:]]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    bad = re.search(r"Non-2xx or 3xx responses: \d+|Socket errors: .*", output)
    if bad:
        raise SystemExit(f"{url}: {bad[0]}")
    return (float(re.search(r"Requests/sec:\s+([\d.]+)", output)[1]),
            int(re.search(r"(\d+) requests in", output)[1]))


class Posting:
    """Posts one document to some server, each time under a new key."""

    def __init__(self, document):
        self.file = tempfile.NamedTemporaryFile("w", suffix=".json")
        self.file.write(json.dumps(document))
        self.file.flush()

    def __call__(self, url, seconds):
        script = str(SOURCES / "unique_keys.lua")
        return wrk(url, seconds, "-s", script, "--", self.file.name, uuid.uuid4().hex)


def compare(options, ours, raw):
    """Rates that were measured by turns: our median, theirs, and the median of each turn's ratio."""
    values, baselines = [], []
    for _ in range(options.turns):
        baselines.append(raw())
        values.append(ours())
    ratio = statistics.median(value / baseline for value, baseline in zip(values, baselines))
    return statistics.median(values), statistics.median(baselines), ratio


def report(name, unit, value, baseline, ratio, at_least=None, at_most=None):
    is_met = ratio >= at_least if at_most is None else ratio <= at_most
    target = f">= {at_least}" if at_most is None else f"<= {at_most}"
    print(json.dumps({"name": name, "value": value, "unit": unit, "baseline": baseline,
                      "ratio": round(ratio, 3), "target": target, "ok": is_met}), flush=True)
