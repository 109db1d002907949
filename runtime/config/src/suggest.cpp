#include "suggest.hpp"

#include <algorithm>
#include <vector>

namespace banyan::config {
namespace {

std::string_view last_part(std::string_view key) { return key.substr(key.rfind('.') + 1); }

/// A third of the word may be wrong, but never so much that short words are "near" to everything.
std::size_t near_enough(std::string_view word) { return std::clamp<std::size_t>(word.size() / 3, 1, 4); }

/// At least so many edits lie between two words of these lengths.
std::size_t difference(std::size_t a, std::size_t b) { return a > b ? a - b : b - a; }

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> above(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) above[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = a[i - 1] == b[j - 1];
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (same ? 0 : 1)});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(above);
    above.swap(row);
  }
  return above[b.size()];
}

std::string suggest(std::string_view word, std::span<const std::string> candidates) {
  std::size_t best_distance = near_enough(word) + 1;
  std::string best;
  for (const std::string& candidate : candidates) {
    if (difference(word.size(), candidate.size()) >= best_distance) continue;  // a word may be very long
    const std::size_t distance = edit_distance(word, candidate);
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  if (!best.empty()) return best;
  const std::string_view end = last_part(word);
  const auto same_end = std::find_if(candidates.begin(), candidates.end(), [&](const std::string& candidate) {
    return last_part(candidate) == end;
  });
  return same_end == candidates.end() ? "" : *same_end;
}

}  // namespace banyan::config
