#include "entries.hpp"
#include "shop/orders/module.hpp"

namespace entries {

banyan::host::Entry orders() {
  return {"orders", [](const banyan::host::ModuleHome&) { return shop::orders::orders(); }};
}

}  // namespace entries
