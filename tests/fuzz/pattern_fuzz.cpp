/// Patterns of contracts: a line with the expression, then the text. Compiling and looking takes bounded time
/// and memory, and gives one answer.
#include "banyan/base/utf8.hpp"
#include "banyan/json/pattern.hpp"
#include "fuzz.hpp"

using namespace banyan;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Parts parts{data, size};
  const std::string_view expression = parts.line();
  const auto pattern = json::Pattern::compile(expression);
  if (!pattern.ok()) return 0;
  fuzz::require(pattern.value().expression() == expression, "the expression is kept as it is");
  const bool found = pattern.value().found_in(parts.rest());
  fuzz::require(!found || is_utf8(parts.rest()), "what is not UTF-8 never matches");
  fuzz::require(json::Pattern{expression}.found_in(parts.rest()) == found, "the answer stays the same");
  return 0;
}
