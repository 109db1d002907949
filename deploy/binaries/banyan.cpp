// Every module in one process.
#include "banyan/host/host.hpp"
#include "shop/orders/module.hpp"

int main(int argc, char** argv) {
  return banyan::host::run(argc, argv,
                           {
                               {"orders", [](const auto&) { return shop::orders::orders(); }},
                           });
}
