#!/usr/bin/env python3
"""Accepted orders a second over HTTP (durable, and their checkouts run meanwhile), against a bare Beast
server that parses the same JSON and answers as many bytes."""
import json

import load


def main():
    options = load.parse_options()
    with load.shop() as shop:
        shop.fill()
        answer = json.dumps(shop.post("/v1/orders", shop.order))
        post = load.Posting(shop.order)
        with load.raw_server(len(answer)) as raw:
            def ours():
                rate, _ = post(shop.url + "/v1/orders", options.seconds)
                load.wait_until(shop.is_at_rest, "all checkouts have ended")
                return rate
            figures = load.compare(options, ours, lambda: post(raw, options.seconds)[0])
    load.report("post_orders", "requests/s", *figures, at_least=0.4)


if __name__ == "__main__":
    main()
