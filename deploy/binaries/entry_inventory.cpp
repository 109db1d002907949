#include "entries.hpp"
#include "shop/inventory/module.hpp"

namespace entries {

banyan::host::Entry inventory() {
  return {"inventory", [](const banyan::host::ModuleHome&) { return shop::inventory::inventory(); }};
}

}  // namespace entries
