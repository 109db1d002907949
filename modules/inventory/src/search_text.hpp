#pragma once
#include <string>
#include <string_view>

namespace shop::inventory {

/// A query of the full-text index for all products that have, for each word of `text`, one that begins with
/// it:
/// `"anis"* "syr"*`. Empty if there are no words. `text` is UTF-8 and may hold anything, NUL and quotes too.
std::string match_expression(std::string_view text);

}  // namespace shop::inventory
