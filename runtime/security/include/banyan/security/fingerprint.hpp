#pragma once
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

namespace banyan::security {

/// Tells sequences of texts apart: BLAKE2b-256 over the parts, each after its length, as 64 lower-case
/// hexadecimal digits. ("ab", "c") and ("a", "bc") differ. The value is stored and stays the same for ever.
/// Threads: safe.
std::string fingerprint(std::initializer_list<std::string_view> parts);

/// The same of parts that come one after the other. Threads: one.
class Fingerprinter {
 public:
  Fingerprinter();
  ~Fingerprinter();
  Fingerprinter(Fingerprinter&&) noexcept;
  Fingerprinter& operator=(Fingerprinter&&) noexcept;

  void add(std::string_view part);
  /// Of all parts so far.
  std::string text() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace banyan::security
