#pragma once
#include <string>

#include "banyan/base/error.hpp"

namespace banyan::store {

/// The meaning of one of SQLite's extended codes to a caller. `system_errno` is what the system call behind
/// it said.
Error to_error(int code, int system_errno, std::string detail);

/// True for a failed fsync: from then on the page cache and the disk may differ without anyone noticing.
bool is_fatal(int code) noexcept;

}  // namespace banyan::store
