// Every module in one process.
#include "contracts.hpp"
#include "entries.hpp"
#include "shop/topology.hpp"

int main(int argc, char** argv) {
  return banyan::host::run(argc, argv,
                           {.name = "banyan",
                            .modules = {entries::users(), entries::inventory(), entries::orders(),
                                        entries::payments(), entries::shipping(), entries::notifications()},
                            .contracts = contracts::all(),
                            .topology = shop::topology()});
}
