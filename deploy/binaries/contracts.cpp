#include "contracts.hpp"

#include "shop/inventory/contract.hpp"
#include "shop/inventory/http.hpp"
#include "shop/notifications/contract.hpp"
#include "shop/notifications/http.hpp"
#include "shop/orders/contract.hpp"
#include "shop/orders/http.hpp"
#include "shop/payments/contract.hpp"
#include "shop/payments/http.hpp"
#include "shop/shipping/contract.hpp"
#include "shop/shipping/http.hpp"
#include "shop/users/contract.hpp"
#include "shop/users/http.hpp"

namespace contracts {

std::vector<banyan::host::Contract> all() {
  return {
      {"inventory", shop::inventory::messages(), &shop::inventory::http()},
      {"notifications", shop::notifications::messages(), &shop::notifications::http()},
      {"orders", shop::orders::messages(), &shop::orders::http()},
      {"payments", shop::payments::messages(), &shop::payments::http()},
      {"shipping", shop::shipping::messages(), &shop::shipping::http()},
      {"users", shop::users::messages(), &shop::users::http()},
  };
}

}  // namespace contracts
