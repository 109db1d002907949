#include <memory>

#include "entries.hpp"
#include "shop/notifications/module.hpp"
#include "shop/notifications/settings.hpp"

namespace entries {

banyan::host::Entry notifications() {
  namespace mail = shop::notifications;
  const auto settings = std::make_shared<mail::Settings>();
  return {"notifications",
          [settings](const banyan::host::ModuleHome& home) {
            return mail::notifications(mail::make_sender(*settings, home.directory), settings->patience);
          },
          [settings](banyan::config::Schema& schema) { mail::declare(schema, *settings); }};
}

}  // namespace entries
