#pragma once
#include <string>
#include <vector>

namespace shop::demo {

using Row = std::vector<std::string>;

/// `rows` with their columns aligned, indented by two spaces; the first row is the head, with a rule below
/// it. Rows are as long as the first one. Widths are in code points.
std::string to_table(const std::vector<Row>& rows);

}  // namespace shop::demo
