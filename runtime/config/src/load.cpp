#include "banyan/config/load.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

#include "document.hpp"
#include "file.hpp"
#include "suggest.hpp"
#include "values.hpp"

namespace banyan::config {
namespace {

constexpr FileRules config_file{.bytes_max = 1 << 20};
constexpr FileRules secret_file{.bytes_max = 64 << 10, .is_private = true};
constexpr std::string_view variable_prefix = "BANYAN_";
constexpr std::string_view secret_suffix = "_file";

class Loader {
 public:
  Loader(const Schema& schema, const Input& input) : schema_(schema), input_(input) {}

  Loaded load() {
    take_defaults();
    if (!input_.file.empty()) read_file_entries();
    read_environment();
    read_arguments();
    read_secrets();
    if (loaded_.ok()) assign();
    return std::move(loaded_);
  }

 private:
  void take_defaults() {
    for (const Setting& setting : schema_.settings()) {
      loaded_.settings.push_back({&setting, setting.initial, {}});
      keys_.push_back(setting.key);
      variables_.push_back(environment_name(setting.key));
    }
    secrets_.resize(loaded_.settings.size());
  }

  void read_file_entries() {
    const auto text = read_file(input_.file, config_file);
    if (!text) return problem({Origin::Kind::file, input_.file}, text.error().detail());
    Document document = parse_document(input_.file, text.value());
    for (const Entry& entry : document.entries) take(entry);
    std::move(document.problems.begin(), document.problems.end(), std::back_inserter(loaded_.problems));
  }

  void take(const Entry& entry) {
    const bool is_section = is_section_name(entry.key);
    if (is_section && std::holds_alternative<EmptySection>(entry.raw)) return;
    if (is_section) return problem(entry.origin, entry.key + " is a section; write [" + entry.key + "]");
    if (Effective* place = find(keys_, entry.key))
      return set(*place, to_value(*place->setting, entry.raw), entry.origin);
    refuse_unknown("key", entry.key, keys_, std::string{secret_suffix}, entry.origin);
  }

  void read_environment() {
    for (const auto& [name, text] : input_.environment) {
      if (!name.starts_with(variable_prefix)) continue;
      const Origin origin{Origin::Kind::environment, name};
      if (Effective* place = find(variables_, name)) {
        set(*place, parse_value(*place->setting, text), origin);
      } else {
        refuse_unknown("variable", name, variables_, "_FILE", origin);
      }
    }
  }

  void read_arguments() {
    for (const auto& [key, text] : input_.arguments) {
      const Origin origin{Origin::Kind::argument, key};
      if (Effective* place = find(keys_, key)) {
        set(*place, parse_value(*place->setting, text), origin);
      } else {
        refuse_unknown("key", key, keys_, std::string{secret_suffix}, origin);
      }
    }
  }

  void read_secrets() {
    const auto directory = input_.environment.find("CREDENTIALS_DIRECTORY");
    for (std::size_t i = 0; i < loaded_.settings.size(); ++i) {
      Effective& place = loaded_.settings[i];
      if (place.setting->type != Type::secret) continue;
      if (place.origin.kind != Origin::Kind::built_in) {
        read_secret(i, std::get<std::string>(place.value));
      } else if (directory != input_.environment.end()) {
        read_credential(i, directory->second);
      }
    }
  }

  void read_secret(std::size_t index, const std::string& path) {
    const Effective& place = loaded_.settings[index];
    auto text = read_file(path, secret_file);
    if (!text)
      return problem(place.origin, place.setting->key + ": " + quoted(path) + ": " + text.error().detail());
    const auto end = text.value().find_last_not_of("\r\n");
    if (end == std::string::npos)
      return problem(place.origin, place.setting->key + ": " + quoted(path) + ": is empty");
    secrets_[index] = Secret{text.value().substr(0, end + 1)};
  }

  void read_credential(std::size_t index, const std::string& directory) {
    Effective& place = loaded_.settings[index];
    const std::string& key = place.setting->key;
    const std::string path = directory + "/" + key.substr(0, key.size() - secret_suffix.size());
    if (::access(path.c_str(), F_OK) != 0) return;
    set(place, parse_value(*place.setting, path), {Origin::Kind::credentials, path});
    if (place.origin.kind == Origin::Kind::credentials) read_secret(index, path);
  }

  void assign() const {
    for (std::size_t i = 0; i < loaded_.settings.size(); ++i) {
      const Effective& place = loaded_.settings[i];
      if (place.setting->secret != nullptr) {
        *place.setting->secret = secrets_[i];
      } else {
        place.setting->assign(place.value);
      }
    }
  }

  void set(Effective& place, Result<Value> value, const Origin& origin) {
    if (!value) return problem(origin, place.setting->key + " " + value.error().detail());
    place.value = std::move(value).value();
    place.origin = origin;
  }

  /// `names` are the keys or the variables of all settings, in the order of `loaded_.settings`.
  Effective* find(const std::vector<std::string>& names, const std::string& name) {
    const auto found = std::find(names.begin(), names.end(), name);
    return found == names.end() ? nullptr
                                : &loaded_.settings[static_cast<std::size_t>(found - names.begin())];
  }

  bool is_section_name(const std::string& name) const {
    return std::any_of(keys_.begin(), keys_.end(),
                       [&](const std::string& key) { return key.starts_with(name + "."); });
  }

  void refuse_unknown(std::string_view what, const std::string& name, const std::vector<std::string>& names,
                      const std::string& suffix, const Origin& origin) {
    const Effective* secret = find(names, name + suffix);
    if (secret != nullptr && secret->setting->type == Type::secret) {
      return problem(origin, name + " is a secret: put it into a file and name the file in " + name + suffix);
    }
    problem(origin, "unknown " + std::string{what} + " '" + name + "'", suggest(name, names));
  }

  void problem(Origin origin, std::string what, std::string suggestion = "") {
    loaded_.problems.push_back({std::move(origin), std::move(what), std::move(suggestion)});
  }

  const Schema& schema_;
  const Input& input_;
  Loaded loaded_;
  std::vector<std::string> keys_;
  std::vector<std::string> variables_;
  std::vector<Secret> secrets_;
};

}  // namespace

Variables process_environment() {
  Variables variables;
  for (char** entry = ::environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text{*entry};
    const auto equals = text.find('=');
    if (equals != std::string_view::npos) variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

std::string to_string(const Origin& origin) {
  switch (origin.kind) {
    case Origin::Kind::built_in:
      return "default";
    case Origin::Kind::environment:
      return "environment " + origin.name;
    case Origin::Kind::argument:
      return "command line";
    case Origin::Kind::credentials:
      return "credentials directory";
    case Origin::Kind::file:
      break;
  }
  if (origin.line == 0) return origin.name;
  return origin.name + ":" + std::to_string(origin.line) + ":" + std::to_string(origin.column);
}

std::string to_string(const Problem& problem) {
  std::string text = to_string(problem.origin) + ": " + problem.what;
  if (!problem.suggestion.empty()) text += "; did you mean '" + problem.suggestion + "'?";
  return text;
}

Loaded load(const Schema& schema, const Input& input) { return Loader{schema, input}.load(); }

}  // namespace banyan::config
