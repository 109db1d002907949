#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "banyan/config/schema.hpp"

namespace banyan::config {

/// Text by name, as an environment has it.
using Variables = std::map<std::string, std::string>;

/// Where values come from. What stands later overrules what stands earlier.
struct Input {
  std::string file{};       ///< A TOML file of at most 1 MiB; empty: there is none.
  Variables environment{};  ///< Only BANYAN_… and CREDENTIALS_DIRECTORY are looked at.
  Variables arguments{};    ///< From the command line, by key: {"http.listen", "[::1]:80"}.
};

/// All variables of this process.
Variables process_environment();

/// The place that said it.
struct Origin {
  enum class Kind : std::uint8_t { built_in, file, environment, argument, credentials };

  Kind kind = Kind::built_in;
  std::string name;          ///< Of the file or the variable.
  std::uint32_t line = 0;    ///< Of the file, from 1; 0 where there is none.
  std::uint32_t column = 0;  ///< In characters, from 1.
};

/// "default", "banyan.toml:3:7", "environment BANYAN_HTTP_LISTEN", "command line", "credentials directory".
std::string to_string(const Origin& origin);

struct Problem {
  Origin origin;
  std::string what;        ///< "unknown key 'http.lisen'"
  std::string suggestion;  ///< "http.listen"; empty where nothing is near.
};

/// "banyan.toml:3:7: unknown key 'http.lisen'; did you mean 'http.listen'?"
std::string to_string(const Problem& problem);

/// One setting as the process will run with it.
struct Effective {
  const Setting* setting;
  Value value;
  Origin origin;
};

struct Loaded {
  std::vector<Effective> settings;  ///< In the order of the schema, one each.
  std::vector<Problem> problems;    ///< Everything that is wrong, not just the first.

  bool ok() const noexcept { return problems.empty(); }
};

/// Reads file, environment and arguments and, if nothing is wrong with any of them, assigns every target of
/// `schema`; if anything is, all targets stay as they are.
///
/// Problems: a file that can't be read or is not TOML; an unknown key or BANYAN_… variable; a value of the
/// wrong type, without its unit or outside its range; a secret written in place of its file; a secret's file
/// that is missing, empty, above 64 KiB or readable by other users.
///
/// Lifetime: the result refers to `schema`. Blocks on the file system.
Loaded load(const Schema& schema, const Input& input);

/// `loaded` as a TOML file that has the same effect: each setting with its meaning and origin as comments. A
/// secret shows the path of its file, never its content.
std::string print(const Loaded& loaded);

/// All settings of `schema` as Markdown, a table for each section: docs/generated/settings.md.
std::string reference(const Schema& schema);

}  // namespace banyan::config
