#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <string_view>
#include <unordered_map>

#include "statement.hpp"

namespace banyan::store {

/// The compiled statements of one connection, found by their text. A text that is in use by Rows gets a
/// second statement. Bounded: the one not used for longest goes.
class StatementCache {
 public:
  explicit StatementCache(Connection& connection) : connection_(connection) {}

  /// A statement that is not in use. Throws Failure.
  Statement& find(std::string_view sql);

 private:
  Statement& find_by_text(std::string_view sql);
  void make_room();

  static constexpr std::size_t statements_max = 256;
  static constexpr std::size_t recent_count = 256;  ///< A power of two.

  Connection& connection_;
  std::unordered_multimap<std::string_view, std::unique_ptr<Statement>>
      statements_;  ///< Keys view their statement.
  /// By the address of the text: nearly every one is a literal, and comparing is cheaper than hashing.
  std::array<Statement*, recent_count> recent_{};
  std::uint64_t uses_ = 0;
};

}  // namespace banyan::store
