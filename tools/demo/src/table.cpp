#include "table.hpp"

#include <algorithm>

namespace shop::demo {
namespace {

std::size_t width_of(const std::string& text) {
  const auto begins_a_code_point = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; };
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins_a_code_point));
}

void append(std::string& table, const Row& row, const std::vector<std::size_t>& widths) {
  std::string line;
  for (std::size_t column = 0; column < row.size(); ++column) {
    line += "  " + row[column] + std::string(widths[column] - width_of(row[column]), ' ');
  }
  line.erase(line.find_last_not_of(' ') + 1);
  table += line + '\n';
}

}  // namespace

std::string to_table(const std::vector<Row>& rows) {
  std::vector<std::size_t> widths(rows.front().size());
  for (const Row& row : rows) {
    for (std::size_t column = 0; column < widths.size(); ++column) {
      widths[column] = std::max(widths[column], width_of(row[column]));
    }
  }
  Row rule;
  for (const std::size_t width : widths) rule.emplace_back(width, '-');

  std::string table;
  append(table, rows.front(), widths);
  append(table, rule, widths);
  for (auto row = rows.begin() + 1; row != rows.end(); ++row) append(table, *row, widths);
  return table;
}

}  // namespace shop::demo
