#!/usr/bin/env python3
"""Each forbidden include is refused, each allowed one accepted."""
import unittest

import includes
from sample_tree import sample_tree

PROJECT = {
    "runtime/actor/CMakeLists.txt": "banyan_component(actor LAYER 3 DEPS message PRIVATE_DEPS telemetry)",
    "runtime/actor/src/mailbox.hpp": "",
    "runtime/json/CMakeLists.txt": "banyan_component(json LAYER 1 DEPS base)",
    "modules/orders/CMakeLists.txt": "banyan_module(orders SOURCES src/module.cpp USES inventory payments)",
    "modules/orders/src/pricing.hpp": "",
    "modules/inventory/src/stock.hpp": "",
}

REFUSED = [
    ("runtime/base/include/banyan/base/x.hpp", '"banyan/actor/system.hpp"', "a higher layer"),
    ("runtime/base/include/banyan/base/x.hpp", "<regex>", "a slow header in a public one"),
    ("runtime/actor/include/banyan/actor/x.hpp", "<caf/fwd.hpp>", "a third party in a public header"),
    ("runtime/actor/include/banyan/actor/x.hpp", '"banyan/telemetry/log.hpp"', "private, in a header"),
    ("runtime/actor/src/x.cpp", '"banyan/json/parse.hpp"', "visible through message, undeclared"),
    ("runtime/actor/src/x.cpp", "<sqlite3.h>", "another component's third party"),
    ("runtime/store/src/x.cpp", "<caf/all.hpp>", "another component's third party"),
    ("runtime/gateway/src/x.cpp", "<boost/beast.hpp>", "a third party without its wrapper"),
    ("runtime/json/src/x.cpp", "<nlohmann/json.hpp>", "a third party that nothing wraps"),
    ("runtime/newcomer/src/x.cpp", "<vector>", "a folder without a zone"),
    ("elsewhere/x.cpp", "<vector>", "a top folder without a zone"),
    ("modules/orders/src/x.cpp", '"shop/shipping/client.hpp"', "a contract that is not declared"),
    ("modules/orders/src/x.cpp", '"../../inventory/src/stock.hpp"', "a path out of the module"),
    ("modules/orders/src/x.cpp", '"stock.hpp"', "another module's header"),
    ("modules/orders/src/x.cpp", "<caf/all.hpp>", "an actor in a module"),
    ("modules/orders/src/x.cpp", "<sqlite3.h>", "SQLite in a module"),
    ("modules/orders/src/x.cpp", "<nlohmann/json.hpp>", "JSON in a module"),
    ("modules/orders/src/x.cpp", "<sys/socket.h>", "a socket in a module"),
    ("modules/orders/src/x.cpp", '"banyan/actor/system.hpp"', "an actor in a module"),
    ("modules/orders/src/x.cpp", '"banyan/host/host.hpp"', "the host in a module"),
    ("modules/orders/tests/x_test.cpp", '"../../inventory/src/stock.hpp"', "another module's inside"),
    ("deploy/binaries/banyan/main.cpp", '"banyan/store/database.hpp"', "the store in a main file"),
    ("tools/contractc/src/x.cpp", "<boost/asio.hpp>", "a network in the generator"),
    ("tests/acceptance/x_test.cpp", "<caf/all.hpp>", "an actor in an acceptance test"),
]

ACCEPTED = [
    ("runtime/actor/include/banyan/actor/x.hpp", '"banyan/message/envelope.hpp"'),
    ("runtime/actor/include/banyan/actor/x.hpp", "<functional>"),
    ("runtime/actor/src/x.cpp", "<caf/all.hpp>"),
    ("runtime/actor/src/x.cpp", '"banyan/telemetry/log.hpp"'),
    ("runtime/actor/src/x.cpp", '"mailbox.hpp"'),
    ("runtime/actor/tests/x_test.cpp", "<boost/test/unit_test.hpp>"),
    ("runtime/actor/tests/x_test.cpp", '"mailbox.hpp"'),
    ("runtime/json/src/x.cpp", "<boost/json/basic_parser_impl.hpp>"),
    ("runtime/store/src/x.cpp", "<sqlite3.h>"),
    ("runtime/http/src/x.cpp", "<boost/asio.hpp>"),
    ("modules/orders/src/x.cpp", '"shop/inventory/client.hpp"'),
    ("modules/orders/src/x.cpp", '"shop/orders/messages.hpp"'),
    ("modules/orders/src/x.cpp", '"pricing.hpp"'),
    ("modules/orders/src/x.cpp", '"banyan/module/module.hpp"'),
    ("modules/orders/tests/x_module_test.cpp", '"banyan/testing/scenario.hpp"'),
    ("deploy/binaries/banyan/main.cpp", '"banyan/host/host.hpp"'),
]


def problems(path, include):
    with sample_tree(PROJECT | {path: f"#include {include}\n"}) as root:
        return includes.problems(root)


class IncludeRules(unittest.TestCase):
    def test_refuse_what_crosses_a_border(self):
        for path, include, why in REFUSED:
            with self.subTest(why, path=path, include=include):
                self.assertEqual(len(problems(path, include)), 1)

    def test_accept_what_is_declared(self):
        for path, include in ACCEPTED:
            with self.subTest(path=path, include=include):
                self.assertEqual(problems(path, include), [])

    def test_name_the_place_the_zone_and_the_header(self):
        self.assertEqual(problems("runtime/store/src/x.cpp", "<caf/all.hpp>"),
                         ["runtime/store/src/x.cpp:1: zone 'store' may not include caf/all.hpp"])


if __name__ == "__main__":
    unittest.main()
