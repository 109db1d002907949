#include "entries.hpp"

#include <memory>

#include "shop/inventory/module.hpp"
#include "shop/notifications/module.hpp"
#include "shop/notifications/settings.hpp"
#include "shop/orders/module.hpp"
#include "shop/payments/module.hpp"
#include "shop/shipping/module.hpp"
#include "shop/users/module.hpp"

namespace entries {

using banyan::host::Entry;
using banyan::host::ModuleHome;

Entry users() {
  return {"users", [](const ModuleHome&) { return shop::users::users(); }};
}
Entry inventory() {
  return {"inventory", [](const ModuleHome&) { return shop::inventory::inventory(); }};
}
Entry orders() {
  return {"orders", [](const ModuleHome&) { return shop::orders::orders(); }};
}
Entry payments() {
  return {"payments", [](const ModuleHome&) { return shop::payments::payments(); }};
}
Entry shipping() {
  return {"shipping", [](const ModuleHome&) { return shop::shipping::shipping(); }};
}

Entry notifications() {
  namespace mail = shop::notifications;
  const auto settings = std::make_shared<mail::Settings>();
  return {"notifications",
          [settings](const ModuleHome& home) {
            return mail::notifications(mail::make_sender(*settings, home.directory));
          },
          [settings](banyan::config::Schema& schema) { mail::declare(schema, *settings); }};
}

}  // namespace entries
