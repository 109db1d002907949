#pragma once
#include <string>
#include <string_view>

namespace banyan::contractc {

/// "ReserveStock" → "reserve_stock".
std::string to_snake_case(std::string_view camel);
/// "unit_price" → "UnitPrice".
std::string to_camel_case(std::string_view snake);

/// Lower case letters, digits and single underscores, a letter first.
bool is_snake_name(std::string_view text) noexcept;
/// Letters and digits, a capital letter first.
bool is_camel_name(std::string_view text) noexcept;
/// Letters, digits and single underscores, a letter first.
bool is_identifier(std::string_view text) noexcept;
/// Letters, digits and characters of `others`, at least one.
bool is_made_of(std::string_view text, std::string_view others) noexcept;
/// `name`, with an underscore after a word that C++ or generated code keeps for itself: "template_".
std::string cpp_name(const std::string& name);

/// `text` as a C++ string literal.
std::string quoted(std::string_view text);

}  // namespace banyan::contractc
