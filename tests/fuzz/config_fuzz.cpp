/// The settings of a process: a TOML file, then after a line "--" what the environment says and after another
/// one what the command line says, as "name=value" lines. What is accepted is printed as a file that means
/// the same.
#include <fcntl.h>
#include <unistd.h>

#include "banyan/base/utf8.hpp"
#include "banyan/config/load.hpp"
#include "banyan/testing/temporary_directory.hpp"
#include "fuzz.hpp"
#include "host/src/settings.hpp"

namespace {

using namespace banyan;

const testing::TemporaryDirectory& disk() {
  static const testing::TemporaryDirectory folder;
  return folder;
}

std::string write_file(const char* name, std::string_view text) {
  const std::string path = disk().path() + '/' + name;
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  fuzz::require(file >= 0 && ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()),
                "a file can be written", path);
  ::close(file);
  return path;
}

config::Variables variables_in(std::string_view lines) {
  config::Variables variables;
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(std::min(line.size() + 1, lines.size()));
    const std::size_t equals = std::min(line.find('='), line.size());
    // No variable and no argument has a NUL.
    const std::string_view value = line.substr(std::min(equals + 1, line.size()));
    variables.emplace(line.substr(0, equals), value.substr(0, value.find('\0')));
  }
  return variables;
}

/// All that a process has, and a secret.
config::Schema schema_of(host::Settings& settings, Secret& secret) {
  config::Schema schema;
  host::declare(schema, settings, {"inventory", "orders"});
  host::declare_guards(schema, settings, {"inventory", "orders"});
  schema.secret("mail.password", &secret, "Of the mail server.");
  return schema;
}

void check_printed(const config::Loaded& loaded) {
  const std::string printed = config::print(loaded);
  fuzz::require(is_utf8(printed), "what is printed is UTF-8", printed);
  host::Settings settings;
  Secret secret;
  const config::Schema schema = schema_of(settings, secret);
  const config::Loaded again = config::load(schema, {.file = write_file("printed.toml", printed)});
  fuzz::require(again.ok(), "what was printed can be read",
                again.ok() ? "" : to_string(again.problems.front()) + '\n' + printed);
  for (std::size_t i = 0; i < loaded.settings.size(); ++i) {
    fuzz::require(again.settings[i].value == loaded.settings[i].value, "what was printed means the same",
                  printed);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Parts parts{data, size};
  const std::string_view file = parts.until("--");
  const std::string_view environment = parts.until("--");
  host::Settings settings;
  Secret secret;
  const config::Schema schema = schema_of(settings, secret);
  const config::Loaded loaded = config::load(schema, {.file = write_file("banyan.toml", file),
                                                      .environment = variables_in(environment),
                                                      .arguments = variables_in(parts.rest())});
  for (const config::Problem& problem : loaded.problems) static_cast<void>(to_string(problem));
  if (!loaded.ok()) return 0;
  static_cast<void>(host::contradictions(settings, true));
  fuzz::require(host::parse_address(settings.listen).ok(), "an address that is accepted is one",
                settings.listen);
  check_printed(loaded);
  return 0;
}
