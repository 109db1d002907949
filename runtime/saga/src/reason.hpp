#pragma once
#include <string>
#include <string_view>

#include "banyan/base/error.hpp"

namespace banyan::saga {

/// An Error as a column keeps it, and back.
std::string to_text(const Error& error);
Error to_error(std::string_view text);

}  // namespace banyan::saga
