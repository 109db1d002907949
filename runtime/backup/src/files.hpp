#pragma once
#include <cstdint>
#include <string>

#include "banyan/base/result.hpp"

/// Files that outlast a loss of power. Errors of all: unavailable "backup.file", the detail says which one
/// and why.
namespace banyan::backup {

struct Checksum {
  std::string sha256;  ///< Hexadecimal digits, as sha256sum prints them.
  std::uint64_t bytes = 0;
};

/// Of what the file holds.
Result<Checksum> checksum_of(const std::string& path);
/// Makes or replaces `to`, mode 0600, durable but for its name; owned by whom its folder belongs to. The
/// checksum is of what was copied.
Result<Checksum> copy_file(const std::string& from, const std::string& to);
/// At most `bytes_max` of it, or an error.
Result<std::string> read_file(const std::string& path, std::size_t bytes_max);
/// Makes the file, mode 0600, whole and durable, or not at all. One that exists is replaced.
Status write_file(const std::string& path, const std::string& text);
Status rename_file(const std::string& from, const std::string& to);
Status remove_file(const std::string& path);
/// Makes a folder and its parents, mode 0700. One that exists stays as it is.
Status make_folder(const std::string& path);
bool is_there(const std::string& path);

}  // namespace banyan::backup
