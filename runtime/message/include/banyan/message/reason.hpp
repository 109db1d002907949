#pragma once
#include <string>
#include <string_view>
#include <utility>

#include "banyan/base/error.hpp"

namespace banyan {

/// Why a module refuses, as its contract lists it. One constant per reason, in the module's generated
/// reasons.hpp.
struct Reason {
  Errc code;
  std::string_view name;  ///< "inventory.out_of_stock"
};

/// A handler's refusal: `return reject(out_of_stock, "only 3 left");`
inline Error reject(const Reason& reason, std::string detail = {}) {
  return Error{reason.code, reason.name, std::move(detail)};
}

}  // namespace banyan
