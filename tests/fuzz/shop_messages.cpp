#include "shop_messages.hpp"

#include "banyan/message/refusal.hpp"
#include "fuzz.hpp"
#include "shop/inventory/contract.hpp"
#include "shop/notifications/contract.hpp"
#include "shop/orders/contract.hpp"
#include "shop/payments/contract.hpp"
#include "shop/sample/contract.hpp"
#include "shop/shipping/contract.hpp"
#include "shop/users/contract.hpp"

namespace banyan::fuzz {

const std::vector<const message::Descriptor*>& messages() {
  static const std::vector<const message::Descriptor*> all = [] {
    std::vector<const message::Descriptor*> found{&message::Refusal::descriptor()};
    for (const auto& contract :
         {shop::inventory::messages(), shop::notifications::messages(), shop::orders::messages(),
          shop::payments::messages(), shop::sample::messages(), shop::shipping::messages(),
          shop::users::messages()}) {
      found.insert(found.end(), contract.begin(), contract.end());
    }
    return found;
  }();
  return all;
}

const message::Descriptor& message_called(std::string_view name) {
  const message::Descriptor* known = registry().find(name);
  return known != nullptr ? *known : *messages()[pick(name, messages().size())];
}

const message::Registry& registry() {
  static const message::Registry all = [] {
    message::Registry made;
    made.add(messages());
    return made;
  }();
  return all;
}

}  // namespace banyan::fuzz
