#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace banyan::config {

/// How many characters must be inserted, removed, replaced, or swapped with their neighbour to turn `a` into
/// `b`.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The candidate that was probably meant by `word`: the nearest by edit distance if it is near enough, else
/// one with the same last part ("listen" → "http.listen"), else "".
std::string suggest(std::string_view word, std::span<const std::string> candidates);

}  // namespace banyan::config
