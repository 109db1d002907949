#include "routes.hpp"

#include <algorithm>

#include "banyan/base/assert.hpp"

namespace banyan::gateway {
namespace {

std::vector<std::string_view> split(std::string_view path) {
  std::vector<std::string_view> segments;
  while (!path.empty()) {
    path.remove_prefix(1);  // the slash
    const std::size_t end = std::min(path.find('/'), path.size());
    segments.push_back(path.substr(0, end));
    path.remove_prefix(end);
  }
  return segments;
}

bool fits(const std::vector<std::string>& pattern, const std::vector<std::string_view>& path) {
  return std::equal(
      pattern.begin(), pattern.end(), path.begin(), path.end(),
      [](const std::string& want, std::string_view is) { return want.empty() ? !is.empty() : want == is; });
}

}  // namespace

void Routes::add(std::string_view method, std::string_view path, std::size_t index) {
  Entry entry{.method = std::string{method}, .segments = {}, .index = index};
  for (const std::string_view segment : split(path)) {
    entry.segments.emplace_back(segment.starts_with('{') ? std::string_view{} : segment);
  }
  // Sorted so that of two that fit, the one with the earlier literal comes first: "" sorts below any text.
  const auto place = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const Entry& other) { return other.segments < entry.segments; });
  for (const Entry& other : entries_) {
    BANYAN_ASSERT(other.method != entry.method || other.segments != entry.segments);
  }
  entries_.insert(place, std::move(entry));
}

std::optional<Routes::Match> Routes::find(std::string_view method, std::string_view path) const {
  const auto segments = split(path);
  for (const Entry& entry : entries_) {
    if (entry.method != method || !fits(entry.segments, segments)) continue;
    Match match{.index = entry.index};
    for (std::size_t i = 0; i < segments.size(); ++i) {
      if (entry.segments[i].empty()) match.values.push_back(segments[i]);
    }
    return match;
  }
  return std::nullopt;
}

std::set<std::string, std::less<>> Routes::methods(std::string_view path) const {
  const auto segments = split(path);
  std::set<std::string, std::less<>> methods;
  for (const Entry& entry : entries_) {
    if (fits(entry.segments, segments)) methods.insert(entry.method);
  }
  if (methods.contains("GET")) methods.insert("HEAD");
  return methods;
}

}  // namespace banyan::gateway
