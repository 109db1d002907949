#pragma once
#include <cstddef>
#include <optional>
#include <string_view>

namespace banyan::http {

/// Why bytes never become a request: the status to answer with, and what was wrong.
struct Refusal {
  int status;
  std::string_view reason;  ///< Static text.
};

/// Finds the end of a request's head and refuses what Beast would wait for or let pass: a bare LF, a folded
/// field, a request line that isn't exactly "method SP target SP HTTP/1.0 or 1.1", a target that RFC 3986 has
/// no place for. Looks at every byte once, however slowly they come.
class HeadScan {
 public:
  HeadScan(std::size_t target_bytes_max, std::size_t head_bytes_max)
      : target_bytes_max_(target_bytes_max), head_bytes_max_(head_bytes_max) {}

  /// `bytes` is all that came of the head so far. Returns its size when it is complete; 0 when more must
  /// come, or when it is refused.
  std::size_t scan(std::string_view bytes);
  const std::optional<Refusal>& refusal() const noexcept { return refusal_; }
  /// Begins with the next head.
  void reset() noexcept;

 private:
  std::size_t refuse(int status, std::string_view reason);
  bool is_too_long_a_request_line(std::size_t size) const noexcept;
  std::size_t wait_for_more(std::size_t size);
  void check_request_line(std::string_view line);
  void check_target(std::string_view target);

  std::size_t target_bytes_max_;
  std::size_t head_bytes_max_;
  std::size_t line_ = 0;      // where the current line begins
  std::size_t searched_ = 0;  // no LF between line_ and here
  std::optional<Refusal> refusal_;
};

}  // namespace banyan::http
