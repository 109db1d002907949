// The gateway in a process of its own: every module is somewhere else.
#include "contracts.hpp"
#include "shop/topology.hpp"

int main(int argc, char** argv) {
  return banyan::host::run(
      argc, argv, {.name = "banyan-gateway", .contracts = contracts::all(), .topology = shop::topology()});
}
