#include "entries.hpp"
#include "shop/payments/module.hpp"

namespace entries {

banyan::host::Entry payments() {
  return {"payments", [](const banyan::host::ModuleHome&) { return shop::payments::payments(); }};
}

}  // namespace entries
