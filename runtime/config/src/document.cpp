#include "document.hpp"

#include <toml++/toml.h>

#include <algorithm>

#include "nesting.hpp"
#include "values.hpp"

namespace banyan::config {
namespace {

bool is_bare(std::string_view part) {
  const auto bare = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  };
  return !part.empty() && std::all_of(part.begin(), part.end(), bare);
}

std::string join(const std::string& section, std::string_view part) {
  const std::string last = is_bare(part) ? std::string{part} : quoted(part);
  return section.empty() ? last : section + "." + last;
}

Raw to_raw(const toml::array& array) {
  std::vector<std::string> list;
  for (const toml::node& node : array) {
    const auto text = node.value_exact<std::string>();
    if (!text) return Foreign{};
    list.push_back(*text);
  }
  return list;
}

Raw to_raw(const toml::node& node) {
  if (const auto value = node.value_exact<bool>()) return *value;
  if (const auto value = node.value_exact<std::int64_t>()) return *value;
  if (const auto value = node.value_exact<std::string>()) return *value;
  if (const toml::array* array = node.as_array()) return to_raw(*array);
  if (node.is_table()) return EmptySection{};
  return Foreign{};
}

class Flattener {
 public:
  explicit Flattener(const std::string& file) : file_(file) {}

  void table(const std::string& section, const toml::table& table) {
    for (const auto& [key, node] : table) {
      const std::string path = join(section, key.str());
      const toml::table* inner = node.as_table();
      if (inner != nullptr && !inner->empty()) {
        this->table(path, *inner);
      } else {
        entries.push_back({path, to_raw(node), origin(key.source().begin)});
      }
    }
  }

  std::vector<Entry> entries;

 private:
  Origin origin(const toml::source_position& position) const {
    return {Origin::Kind::file, file_, position.line, position.column};
  }

  const std::string& file_;
};

bool stands_before(const Entry& a, const Entry& b) {
  return a.origin.line != b.origin.line ? a.origin.line < b.origin.line : a.origin.column < b.origin.column;
}

}  // namespace

Document parse_document(const std::string& name, std::string_view text) {
  if (const auto place = find_too_deep(text)) {
    const Origin origin{Origin::Kind::file, name, place->line, place->column};
    const std::string what =
        "is nested more than " + std::to_string(nesting_max) + " deep, and no setting is";
    return {{}, {Problem{origin, what, ""}}};
  }
  try {
    Flattener flattener{name};
    flattener.table("", toml::parse(text));
    std::sort(flattener.entries.begin(), flattener.entries.end(), stands_before);
    return {std::move(flattener.entries), {}};
  } catch (const toml::parse_error& error) {
    const auto& begin = error.source().begin;
    const Origin origin{Origin::Kind::file, name, begin.line, begin.column};
    return {{}, {Problem{origin, std::string{error.description()}, ""}}};
  }
}

}  // namespace banyan::config
