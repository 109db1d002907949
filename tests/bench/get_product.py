#!/usr/bin/env python3
"""Products read a second over HTTP, against a bare Beast server that answers the same bytes."""
import load


def main():
    options = load.parse_options()
    with load.shop() as shop:
        shop.fill()
        path = f"/v1/products/{shop.product_ids[0]}"
        with load.raw_server(len(shop.get(shop.url + path))) as raw:
            figures = load.compare(options, lambda: load.wrk(shop.url + path, options.seconds)[0],
                                   lambda: load.wrk(raw + "/", options.seconds)[0])
    load.report("get_product", "requests/s", *figures, at_least=0.4)


if __name__ == "__main__":
    main()
