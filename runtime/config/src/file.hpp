#pragma once
#include <cstddef>
#include <string>

#include "banyan/base/result.hpp"

namespace banyan::config {

struct FileRules {
  std::size_t bytes_max;
  bool is_private = false;  ///< Refuse a file that users other than its owner and group can read.
};

/// The whole of a regular file. The error's detail says what is wrong with it, without its name.
/// Errors: not_found "config.no_file"; unavailable "config.unreadable"; resource_exhausted
/// "config.file_too_large"; rejected "config.file_not_private".
Result<std::string> read_file(const std::string& path, FileRules rules);

}  // namespace banyan::config
