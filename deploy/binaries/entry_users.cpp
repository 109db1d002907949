#include "entries.hpp"
#include "shop/users/module.hpp"

namespace entries {

banyan::host::Entry users() {
  return {"users", [](const banyan::host::ModuleHome&) { return shop::users::users(); }};
}

}  // namespace entries
