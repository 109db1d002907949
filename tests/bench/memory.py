#!/usr/bin/env python3
"""Memory of the process: when nothing has happened yet, and the most that it ever used while many orders were
placed and checked out, with messages and answers removed after a short retention. Many are 50,000; with
--full a million, as the requirement says."""
import time

import load

IDLE_MIB = 64
BUSY_MIB = 256
SETTINGS = """
[delivery]
retention = "10s"
answers_kept = "10s"
"""


def main():
    options = load.parse_options()
    orders = 500 if options.smoke else 1_000_000 if options.full else 50_000
    with load.shop(SETTINGS) as shop:
        time.sleep(1 if options.smoke else 5)
        idle = shop.resident_mib()
        load.report("memory, idle", "MiB", round(idle, 1), IDLE_MIB, idle / IDLE_MIB, at_most=1)
        shop.fill()
        post = load.Posting(shop.order)
        placed = 0
        while placed < orders:
            placed += post(shop.url + "/v1/orders", 1)[1]
            load.wait_until(shop.is_at_rest, "all checkouts have ended")
        most = shop.resident_mib("VmHWM")
        load.report(f"memory, the most in {placed} orders", "MiB", round(most, 1), BUSY_MIB, most / BUSY_MIB,
                    at_most=1)


if __name__ == "__main__":
    main()
