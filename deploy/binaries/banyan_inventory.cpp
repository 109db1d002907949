// The module inventory in a process of its own.
#include "contracts.hpp"
#include "entries.hpp"
#include "shop/topology.hpp"

int main(int argc, char** argv) {
  return banyan::host::run(argc, argv,
                           {.name = "banyan-inventory",
                            .modules = {entries::inventory()},
                            .contracts = contracts::all(),
                            .topology = shop::topology(),
                            .is_gateway = false});
}
