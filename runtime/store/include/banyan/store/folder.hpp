#pragma once
#include <string>

#include "banyan/base/result.hpp"

namespace banyan::store {

/// Makes a folder and its parents, mode 0700, and their names durable. One that exists stays as it is; its
/// name is made durable again. Errors: unavailable "store.directory".
Status make_directory(const std::string& path);

}  // namespace banyan::store
