#pragma once
#include <string>
#include <string_view>

#include "model.hpp"

/// Small pieces of C++ text that all writers share.
namespace banyan::contractc {

/// The type of a value of this schema: "std::vector<Line>".
std::string cpp_type(const Schema& schema);
/// The type of a member, std::optional included.
std::string cpp_type(const Property& property);

/// `text` as comment lines that begin with `mark` ("///" or "//"), wrapped; empty text gives none.
std::string comment(std::string_view text, std::size_t indent, std::string_view mark = "///");

/// A line that ends in a comment, so that the next one does not belong to it: without a backslash at its end.
std::string closed(std::string line);

/// The lines above everything else in a generated file.
std::string banner(const Contract& contract);

/// `items` in an array or argument list, wrapped at the line's end, each line after the first indented.
std::string wrapped(const std::vector<std::string>& items, std::size_t first_column, std::size_t indent);

/// `text` as a raw string literal.
std::string raw_literal(std::string_view text);

}  // namespace banyan::contractc
