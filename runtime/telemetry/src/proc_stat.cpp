#include "proc_stat.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "banyan/base/numbers.hpp"

namespace banyan::telemetry {
namespace {

std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> found;
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of(" \n"), text.size());
    if (end > 0) found.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return found;
}

}  // namespace

std::optional<ProcStat> parse_proc_stat(std::string_view text) {
  // The second field is the program's name in parentheses, which may contain anything.
  const auto name_end = text.rfind(')');
  if (name_end == std::string_view::npos) return std::nullopt;
  const auto after_name = words(text.substr(name_end + 1));
  const auto field = [&](std::size_t number) -> std::optional<std::uint64_t> {  // Numbered as in proc(5).
    const std::size_t index = number - 3;
    return index < after_name.size() ? parse_number<std::uint64_t>(after_name[index]) : std::nullopt;
  };
  const auto user = field(14);
  const auto kernel = field(15);
  const auto start = field(22);
  const auto virtual_bytes = field(23);
  const auto resident_pages = field(24);
  if (!user || !kernel || !start || !virtual_bytes || !resident_pages) return std::nullopt;
  return ProcStat{*user + *kernel, *start, *virtual_bytes, *resident_pages};
}

std::optional<std::uint64_t> parse_boot_time(std::string_view text) {
  const auto all = words(text);
  for (std::size_t i = 0; i + 1 < all.size(); ++i) {
    if (all[i] == "btime") return parse_number<std::uint64_t>(all[i + 1]);
  }
  return std::nullopt;
}

}  // namespace banyan::telemetry
