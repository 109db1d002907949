#!/usr/bin/env python3
"""Complete checkouts a second with every module in a process of its own, over NATS with mTLS, against all
modules in one process: orders are placed over HTTP so that 256 are under way, and an order is complete when a
module that listens to orders has heard of its confirmation. And the memory of an idle service."""
import json
import socket
import time
import urllib.parse
import uuid

import load

IN_FLIGHT = 256
CONNECTIONS = 32
PAUSE = 0.01  # seconds until the confirmed orders are counted again
IDLE_MIB = 40


class Client:
    """Connections over which orders are placed, with as little work as Python can do it: the shop needs the
    machine."""

    def __init__(self, url, order):
        address = urllib.parse.urlsplit(url)
        self.sockets = [socket.create_connection((address.hostname, address.port))
                        for _ in range(CONNECTIONS)]
        body = json.dumps(order).encode()
        self.head = (f"POST /v1/orders HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Type: application/json"
                     f"\r\nContent-Length: {len(body)}\r\nIdempotency-Key: ").encode()
        self.tail = b"\r\n\r\n" + body

    def place(self, count):
        """At once, one on each connection."""
        sockets = self.sockets[:count]
        for connection in sockets:
            connection.sendall(self.head + uuid.uuid4().hex.encode() + self.tail)
        for connection in sockets:
            read_acceptance(connection)
        return len(sockets)

    def close(self):
        for connection in self.sockets:
            connection.close()


def read_acceptance(connection):
    answer = connection.recv(4096)
    while not is_complete(answer):
        more = connection.recv(4096)
        if not more:
            break
        answer += more
    if not answer.startswith(b"HTTP/1.1 202 "):
        raise SystemExit(f"an order was not accepted: {answer.decode(errors='replace')}")


def is_complete(answer):
    head, end, body = answer.partition(b"\r\n\r\n")
    _, found, length = head.lower().partition(b"content-length: ")
    return bool(end and found) and len(body) >= int(length.partition(b"\r\n")[0])


def check_out(shop, count):
    client = Client(shop.url, shop.order)
    start = time.monotonic()
    placed = confirmed = 0
    while confirmed < count:
        room = min(count - placed, IN_FLIGHT - (placed - confirmed))
        if room > 0:
            placed += client.place(room)
            if room > CONNECTIONS:
                continue
        else:
            time.sleep(PAUSE)
        confirmed = shop.confirmed()
    rate = count / (time.monotonic() - start)
    client.close()
    return rate


def main():
    options = load.parse_options()
    count = 300 if options.smoke else 50_000 if options.full else 6_000
    idle = []

    def split():
        with load.split_shop() as shop:
            time.sleep(1)
            idle.append(shop.resident_mib())
            shop.fill()
            return check_out(shop, count)

    def together():
        with load.shop() as shop:
            shop.fill()
            return check_out(shop, count)

    figures = load.compare(options, split, together)
    load.report("split_sagas", "sagas/s", *figures, at_least=0.25)
    load.report("split_sagas, memory of the largest idle service", "MiB", round(max(idle), 1), IDLE_MIB,
                max(idle) / IDLE_MIB, at_most=1)


if __name__ == "__main__":
    main()
