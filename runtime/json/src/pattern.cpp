#include "banyan/json/pattern.hpp"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

namespace banyan::json {
namespace {

/// The meaning that ECMA-262 gives the same text: `$` only at the very end, \u and \x escapes, an unset group
/// matches nothing.
constexpr std::uint32_t ecma_options =
    PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_ALT_BSUX | PCRE2_MATCH_UNSET_BACKREF | PCRE2_NEVER_BACKSLASH_C;

constexpr std::uint32_t backtracking_max = 100'000;

template <auto release>
struct Release {
  template <class T>
  void operator()(T* object) const {
    release(object);
  }
};

using Code = std::unique_ptr<pcre2_code, Release<pcre2_code_free>>;
using MatchContext = std::unique_ptr<pcre2_match_context, Release<pcre2_match_context_free>>;
using MatchData = std::unique_ptr<pcre2_match_data, Release<pcre2_match_data_free>>;

PCRE2_SPTR to_units(std::string_view text) { return reinterpret_cast<PCRE2_SPTR>(text.data()); }

}  // namespace

struct Pattern::Program {
  Code code;
  MatchContext context;
};

Pattern::Pattern(std::string_view expression, std::unique_ptr<Program> program)
    : expression_(expression), program_(std::move(program)) {}

Pattern::Pattern(std::string_view expression) : Pattern(compile(expression).value()) {}

Pattern::Pattern(Pattern&&) noexcept = default;
Pattern& Pattern::operator=(Pattern&&) noexcept = default;
Pattern::~Pattern() = default;

Result<Pattern> Pattern::compile(std::string_view expression) {
  int problem = 0;
  std::size_t offset = 0;
  Code code{pcre2_compile(to_units(expression), expression.size(), ecma_options, &problem, &offset, nullptr)};
  if (!code) {
    return Error{Errc::invalid_argument, "json.bad_pattern",
                 "not an expression at byte " + std::to_string(offset)};
  }
  // Without the just-in-time compiler the expression is interpreted: slower, the same answer.
  pcre2_jit_compile(code.get(), PCRE2_JIT_COMPLETE);
  MatchContext context{pcre2_match_context_create(nullptr)};
  pcre2_set_match_limit(context.get(), backtracking_max);
  return Pattern{expression, std::make_unique<Program>(Program{std::move(code), std::move(context)})};
}

bool Pattern::found_in(std::string_view text) const noexcept {
  const MatchData data{pcre2_match_data_create(1, nullptr)};
  return pcre2_match(program_->code.get(), to_units(text), text.size(), 0, 0, data.get(),
                     program_->context.get()) >= 0;
}

}  // namespace banyan::json
