#pragma once
#include <string>
#include <string_view>

#include "banyan/base/result.hpp"

namespace banyan::security {

/// Of files and of folders: for everybody to read, and for their owner alone.
inline constexpr unsigned public_mode = 0644;
inline constexpr unsigned private_mode = 0600;
inline constexpr unsigned public_folder_mode = 0755;
inline constexpr unsigned private_folder_mode = 0700;

/// Errors as CredentialFolder says; a file of more than a mebibyte is "security.unreadable".
Result<std::string> read_file(const std::string& path);
/// The same, but "security.file_not_private" if others than owner and group may read or write it.
Result<std::string> read_private_file(const std::string& path);

/// Whether there is anything with this name. Errors: unavailable "security.unreadable".
Result<bool> is_there(const std::string& path);

/// Replaces the file as a whole, and durably; permissions are `mode` whatever the umask.
Status replace_file(const std::string& path, std::string_view content, unsigned mode);

/// Makes the folder, and those above it, unless it is there; permissions are `mode` whatever the umask.
Status make_folder(const std::string& path, unsigned mode);

}  // namespace banyan::security
