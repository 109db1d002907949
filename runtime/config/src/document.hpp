#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "banyan/config/load.hpp"

namespace banyan::config {

/// A table without members.
struct EmptySection {};

/// A value that no setting can have: a fraction, a date, a list of anything but strings.
struct Foreign {};

using Raw = std::variant<bool, std::int64_t, std::string, std::vector<std::string>, EmptySection, Foreign>;

struct Entry {
  std::string key;  ///< Dotted path; a part that is no bare TOML key is quoted.
  Raw raw;
  Origin origin;
};

struct Document {
  std::vector<Entry> entries;     ///< In the order of the file.
  std::vector<Problem> problems;  ///< The lines that are not TOML; then there are no entries.
};

/// Flattens the TOML text of the file `name`. An empty table becomes an entry too, so that it can be refused.
Document parse_document(const std::string& name, std::string_view text);

}  // namespace banyan::config
