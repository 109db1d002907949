#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace banyan {

/// The kinds of failure, by what a caller can do about them. The set is closed and stable: it is stored in
/// the outbox and crosses the wire, so values are never renumbered.
enum class Errc : std::uint8_t {
  invalid_argument = 1,    ///< Caller's fault. Retrying the same input fails again.
  not_found = 2,           ///< The named thing does not exist.
  conflict = 3,            ///< Lost a race on a version; reload, then retry.
  already_exists = 4,      ///< Same identity, different content.
  rejected = 5,            ///< A business rule said no; see Error::reason().
  resource_exhausted = 6,  ///< A limit was hit (mailbox, queue, disk). Back off. Nothing was done.
  deadline_exceeded = 7,   ///< Not answered in time. The work MAY have been done.
  unavailable = 8,         ///< Peer or broker unreachable. The work MAY have been done.
  data_loss = 9,           ///< Stored bytes failed a check. Do not retry; page a human.
  internal = 10,           ///< Our bug.
};

/// True if the same request may be sent again without changing it.
constexpr bool is_retryable(Errc code) noexcept {
  return code == Errc::conflict || code == Errc::resource_exhausted || code == Errc::deadline_exceeded ||
         code == Errc::unavailable;
}

/// True if the outcome of the failed call is unknown: retry only idempotent requests.
constexpr bool is_ambiguous(Errc code) noexcept {
  return code == Errc::deadline_exceeded || code == Errc::unavailable;
}

/// The code's own name, e.g. "not_found".
std::string_view to_string(Errc code) noexcept;

/// A failed operation: a closed code for machines, an owner-scoped reason for callers, free text for people.
/// Cheap to move; equality ignores the text.
class [[nodiscard]] Error {
 public:
  Error(Errc code, std::string_view reason, std::string detail = {})
      : code_(code), reason_(reason), detail_(std::move(detail)) {}

  Errc code() const noexcept { return code_; }
  /// Stable dotted id owned by one component or module, e.g. "inventory.out_of_stock".
  const std::string& reason() const noexcept { return reason_; }
  /// The details of this one failure, for people. Never parse it.
  const std::string& detail() const noexcept { return detail_; }

  friend bool operator==(const Error& a, const Error& b) {
    return a.code_ == b.code_ && a.reason_ == b.reason_;
  }

 private:
  Errc code_;
  std::string reason_;
  std::string detail_;
};

}  // namespace banyan
