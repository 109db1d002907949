#include "names.hpp"

#include <algorithm>
#include <array>

namespace banyan::contractc {
namespace {

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

constexpr std::array keywords{
    "alignas",   "alignof",   "and",      "asm",      "auto",    "bool",    "break",     "case",
    "catch",     "char",      "class",    "compl",    "concept", "const",   "continue",  "co_await",
    "co_return", "co_yield",  "decltype", "default",  "delete",  "do",      "double",    "else",
    "enum",      "explicit",  "export",   "extern",   "false",   "float",   "for",       "friend",
    "goto",      "if",        "inline",   "int",      "long",    "mutable", "namespace", "new",
    "noexcept",  "not",       "nullptr",  "operator", "or",      "private", "protected", "public",
    "register",  "requires",  "return",   "short",    "signed",  "sizeof",  "static",    "struct",
    "switch",    "template",  "this",     "throw",    "true",    "try",     "typedef",   "typeid",
    "typename",  "union",     "unsigned", "using",    "virtual", "void",    "volatile",  "while",
    "xor",       "descriptor"};  // `descriptor` is a member of every generated message.

bool is_keyword(std::string_view text) {
  return std::find(keywords.begin(), keywords.end(), text) != keywords.end();
}

}  // namespace

std::string to_snake_case(std::string_view camel) {
  std::string out;
  for (const char c : camel) {
    if (is_upper(c) && !out.empty()) out += '_';
    out += is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

std::string to_camel_case(std::string_view snake) {
  std::string out;
  bool starts_word = true;
  for (const char c : snake) {
    if (c == '_') {
      starts_word = true;
      continue;
    }
    out += starts_word && is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c;
    starts_word = false;
  }
  return out;
}

bool is_snake_name(std::string_view text) noexcept {
  return !text.empty() && is_lower(text.front()) && text.back() != '_' &&
         text.find("__") == std::string_view::npos &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_lower(c) || is_digit(c) || c == '_'; });
}

bool is_camel_name(std::string_view text) noexcept {
  return !text.empty() && is_upper(text.front()) && std::all_of(text.begin(), text.end(), [](char c) {
    return is_lower(c) || is_upper(c) || is_digit(c);
  });
}

bool is_identifier(std::string_view text) noexcept {
  return !text.empty() && (is_lower(text.front()) || is_upper(text.front())) && text.back() != '_' &&
         text.find("__") == std::string_view::npos && std::all_of(text.begin(), text.end(), [](char c) {
           return is_lower(c) || is_upper(c) || is_digit(c) || c == '_';
         });
}

bool is_made_of(std::string_view text, std::string_view others) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return is_lower(c) || is_upper(c) || is_digit(c) || others.find(c) != std::string_view::npos;
  });
}

std::string cpp_name(const std::string& name) { return is_keyword(name) ? name + "_" : name; }

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\t':
        out += "\\t";
        break;
      case '?':
        out += "\\?";  // No trigraphs.
        break;
      default:
        out += c;
    }
  }
  return out + '"';
}

}  // namespace banyan::contractc
