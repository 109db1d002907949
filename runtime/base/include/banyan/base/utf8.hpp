#pragma once
#include <string>
#include <string_view>

namespace banyan {

/// True if `text` is well-formed UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view text) noexcept;

/// `text` for people to read: U+FFFD in the place of each byte that is no part of well-formed UTF-8.
std::string to_utf8(std::string_view text);

}  // namespace banyan
