#include "shop/users/module.hpp"

#include "migrations.hpp"
#include "shop/users/contract.hpp"
#include "shop/users/http.hpp"
#include "use_cases.hpp"

namespace shop::users {

banyan::module::Module users() {
  return banyan::module::Module{"users", messages()}
      .migrates(migrations())
      .serves(http())
      .handles_prepared<RegisterCustomer, PasswordHash>(
          [](const RegisterCustomer& command, const Context&) { return hash_for(command); },
          register_customer)
      .handles<ChangeProfile>(change_profile)
      .answers<GetCustomer>(get_customer)
      .answers<ListCustomers>(list_customers);
}

}  // namespace shop::users
