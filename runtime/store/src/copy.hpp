#pragma once
#include <sqlite3.h>

#include <functional>
#include <string>

#include "banyan/base/result.hpp"

namespace banyan::store {

using GoOn = std::function<Status()>;

/// The work of Reader::copy_to(), from a connection whose snapshot is open.
Status copy(sqlite3* source, const std::string& target, const GoOn& go_on);

}  // namespace banyan::store
