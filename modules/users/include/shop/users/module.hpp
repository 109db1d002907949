#pragma once
#include "banyan/module/module.hpp"

namespace shop::users {

/// The shop's customers.
banyan::module::Module users();

}  // namespace shop::users
