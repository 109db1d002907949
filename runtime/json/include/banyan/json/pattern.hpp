#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "banyan/base/result.hpp"

namespace banyan::json {

/// A compiled regular expression of a schema: ECMA-262 syntax as far as PCRE2 reads it alike. Like JSON
/// Schema's `pattern` it is not anchored. Matching takes bounded time: text that would need too much
/// backtracking is not found. Threads: a compiled pattern is immutable and safe to share.
class Pattern {
 public:
  /// For expressions that are known to be right: a wrong one is a bug and aborts.
  explicit Pattern(std::string_view expression);
  Pattern(Pattern&&) noexcept;
  Pattern& operator=(Pattern&&) noexcept;
  ~Pattern();

  /// Errors: invalid_argument "json.bad_pattern", with the offset in the detail.
  static Result<Pattern> compile(std::string_view expression);

  /// True if any part of `text` matches; `text` that is not UTF-8 never does.
  bool found_in(std::string_view text) const noexcept;
  const std::string& expression() const noexcept { return expression_; }

 private:
  struct Program;
  Pattern(std::string_view expression, std::unique_ptr<Program> program);

  std::string expression_;
  std::unique_ptr<Program> program_;
};

}  // namespace banyan::json
