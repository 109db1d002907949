#include "entries.hpp"
#include "shop/shipping/module.hpp"

namespace entries {

banyan::host::Entry shipping() {
  return {"shipping", [](const banyan::host::ModuleHome&) { return shop::shipping::shipping(); }};
}

}  // namespace entries
