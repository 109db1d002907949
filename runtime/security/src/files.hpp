#pragma once
#include <string>
#include <string_view>

#include "banyan/base/result.hpp"

namespace banyan::security {

/// Errors as CredentialFolder says; a file of more than a mebibyte is "security.unreadable".
Result<std::string> read_file(const std::string& path);
/// The same, but "security.file_not_private" if others than owner and group may read or write it.
Result<std::string> read_private_file(const std::string& path);

/// Replaces the file as a whole, and durably; permissions are `mode` whatever the umask.
Status replace_file(const std::string& path, std::string_view content, unsigned mode);

/// Makes the folder with permissions 0700, and those above it, unless it is there.
Status make_private_folder(const std::string& path);

}  // namespace banyan::security
