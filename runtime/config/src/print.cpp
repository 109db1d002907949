#include <algorithm>
#include <string>
#include <string_view>

#include "banyan/base/utf8.hpp"
#include "banyan/config/load.hpp"
#include "values.hpp"

namespace banyan::config {
namespace {

std::string_view section_of(std::string_view key) { return key.substr(0, key.rfind('.')); }
std::string_view last_part(std::string_view key) { return key.substr(key.rfind('.') + 1); }

/// Calls `header` whenever the section changes and `row` for every setting. A section that is declared in
/// several places is still one table in TOML, so the settings are grouped by section, in order of first
/// appearance.
template <class Items, class KeyOf, class Header, class Row>
void by_section(const Items& items, KeyOf key_of, Header header, Row row) {
  std::vector<std::string_view> done;
  for (const auto& first : items) {
    const std::string_view section = section_of(key_of(first));
    if (std::find(done.begin(), done.end(), section) != done.end()) continue;
    done.push_back(section);
    header(section);
    for (const auto& item : items) {
      if (section_of(key_of(item)) == section) row(item);
    }
  }
}

bool is_unset_secret(const Setting& setting, const Value& value) {
  return setting.type == Type::secret && std::get<std::string>(value).empty();
}

/// In a comment, which TOML wants to be UTF-8 without control characters: a file may be called anything.
std::string remark(std::string_view text) {
  std::string out = to_utf8(text);
  std::replace_if(
      out.begin(), out.end(), [](char c) { return (static_cast<unsigned char>(c) < 0x20) || c == 0x7f; },
      '?');
  return out;
}

/// Markdown ends a cell at a bar, even inside backquotes.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) out.append(c == '|' ? "\\" : "").append(1, c);
  return out;
}

std::string code(std::string_view text) { return text.empty() ? "" : "`" + cell(text) + "`"; }

}  // namespace

std::string print(const Loaded& loaded) {
  std::string out;
  const auto key_of = [](const Effective& effective) -> std::string_view { return effective.setting->key; };
  const auto header = [&](std::string_view section) {
    out.append(out.empty() ? "[" : "\n[").append(section).append("]\n");
  };
  by_section(loaded.settings, key_of, header, [&](const Effective& effective) {
    const Setting& setting = *effective.setting;
    const bool unset = is_unset_secret(setting, effective.value);
    out.append("# ").append(setting.help).append("\n");
    out.append(unset ? "# " : "").append(last_part(setting.key)).append(" = ");
    out.append(to_toml(setting, effective.value))
        .append("  # ")
        .append(remark(to_string(effective.origin)))
        .append("\n");
  });
  return out;
}

std::string reference(const Schema& schema) {
  std::string out;
  const auto key_of = [](const Setting& setting) -> std::string_view { return setting.key; };
  const auto header = [&](std::string_view section) {
    out.append(out.empty() ? "## " : "\n## ").append(section).append("\n\n");
    out.append("| Key | Type | Default | Allowed | Environment | Meaning |\n|---|---|---|---|---|---|\n");
  };
  by_section(schema.settings(), key_of, header, [&](const Setting& setting) {
    const bool unset = is_unset_secret(setting, setting.initial);
    out.append("| ").append(code(setting.key)).append(" | ").append(type_name(setting.type)).append(" | ");
    out.append(unset ? "" : code(to_toml(setting, setting.initial))).append(" | ");
    out.append(cell(allowed(setting)))
        .append(" | ")
        .append(code(environment_name(setting.key)))
        .append(" | ");
    out.append(cell(setting.help)).append(" |\n");
  });
  return out;
}

}  // namespace banyan::config
