#pragma once
#include <memory>

#include "banyan/module/module.hpp"
#include "shop/notifications/patience.hpp"
#include "shop/notifications/sender.hpp"

namespace shop::notifications {

/// Tells customers what happens to their orders, by `sender`.
banyan::module::Module notifications(std::shared_ptr<Sender> sender, Patience patience = {});

}  // namespace shop::notifications
