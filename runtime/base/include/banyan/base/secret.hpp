#pragma once
#include <string>
#include <utility>

namespace banyan {

/// Text that must not be seen: a password, a token, a key. It has no way to a stream or a string but
/// reveal(), so that every place which reads it can be found by that word; logs and printed configuration
/// show "***".
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}

  bool empty() const noexcept { return text_.empty(); }
  const std::string& reveal() const noexcept { return text_; }

 private:
  std::string text_;
};

}  // namespace banyan
