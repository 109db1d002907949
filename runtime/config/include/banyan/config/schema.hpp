#pragma once
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "banyan/base/assert.hpp"
#include "banyan/base/clock.hpp"
#include "banyan/base/result.hpp"
#include "banyan/base/secret.hpp"

namespace banyan::config {

/// A setting's value: durations are microseconds, sizes are bytes, a secret is the path of its file.
using Value = std::variant<bool, std::int64_t, std::string, std::vector<std::string>>;

enum class Type : std::uint8_t { boolean, integer, duration, bytes, text, choice, list, secret };

/// Both ends belong to it.
template <class T>
struct Range {
  T min;
  T max;
};

/// One thing that a process can be told.
struct Setting {
  std::string key;  ///< As in the file: "http.listen"; a secret's ends in "_file".
  Type type;
  std::string help;                    ///< One sentence.
  Value initial;                       ///< The default.
  Range<std::int64_t> range{};         ///< Of integer, duration and bytes.
  std::vector<std::string> choices{};  ///< Of choice, and of a list's elements; empty: anything.
  /// A further check of text and of a list's elements: the detail of its error completes the sentence
  /// "http.listen …".
  std::function<Status(const std::string&)> check{};
  std::function<void(const Value&)> assign;
  Secret* secret = nullptr;  ///< Where the content of the secret's file goes.
};

/// Declares what may be configured and where each value goes. The default of a setting is what its target
/// holds when it is declared, so that it is written once: in the struct of options.
///
///     Schema schema;
///     schema.text("http.listen", &http.listen, "Address and port of the gateway.");
///     schema.duration("http.idle_timeout", &http.idle_timeout, {1s, 10min}, "How long one may be silent.");
///
/// Keys are "<section>.<key>" in lower case; a key that is malformed or taken, and a default outside its
/// range, are bugs and abort. Threads: one. Lifetime: the targets must live until load() has returned.
class Schema {
 public:
  void boolean(std::string_view key, bool* target, std::string_view help);
  template <std::integral T>
  void integer(std::string_view key, T* target, Range<std::int64_t> range, std::string_view help);
  /// "250ms", "5s", "15min", "24h".
  void duration(std::string_view key, Duration* target, Range<Duration> range, std::string_view help);
  /// "512B", "64KiB", "16MiB", "2GiB".
  void bytes(std::string_view key, std::size_t* target, Range<std::size_t> range, std::string_view help);
  void text(std::string_view key, std::string* target, std::string_view help,
            std::function<Status(const std::string&)> check = nullptr);
  void choice(std::string_view key, std::string* target, std::vector<std::string> allowed,
              std::string_view help);
  /// In the environment its elements are separated by commas.
  void list(std::string_view key, std::vector<std::string>* target, std::string_view help,
            std::function<Status(const std::string&)> check = nullptr);
  /// A list of nothing but these.
  void list(std::string_view key, std::vector<std::string>* target, std::vector<std::string> allowed,
            std::string_view help);
  /// Never written into the configuration itself: `<key>_file` names the file that holds it. Where that is
  /// not set, the file `<key>` of $CREDENTIALS_DIRECTORY is taken if it is there (systemd, LoadCredential=).
  /// Else `target` stays empty.
  void secret(std::string_view key, Secret* target, std::string_view help);

  const std::vector<Setting>& settings() const noexcept { return settings_; }

 private:
  void add(Setting setting);

  std::vector<Setting> settings_;
};

/// "http.listen" → "BANYAN_HTTP_LISTEN".
std::string environment_name(std::string_view key);

template <std::integral T>
void Schema::integer(std::string_view key, T* target, Range<std::int64_t> range, std::string_view help) {
  BANYAN_ASSERT(std::in_range<T>(range.min) && std::in_range<T>(range.max));
  add({.key = std::string{key},
       .type = Type::integer,
       .help = std::string{help},
       .initial = static_cast<std::int64_t>(*target),
       .range = range,
       .assign = [target](const Value& value) { *target = static_cast<T>(std::get<std::int64_t>(value)); }});
}

}  // namespace banyan::config
