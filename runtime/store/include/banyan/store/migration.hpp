#pragma once
#include <string_view>

namespace banyan::store {

/// One step of a store's schema, embedded in the program by banyan_migrations()
/// (tools/cmake/BanyanMigrations.cmake). An owner's versions count 1, 2, 3 … without a gap. A migration that
/// was ever applied is never edited. Every table has a PRIMARY KEY and is STRICT.
struct Migration {
  std::string_view owner;  ///< A module, "inventory", or a part of the runtime, "banyan.delivery".
  int version = 0;
  std::string_view name;
  std::string_view sql;  ///< Statements, each ended by a semicolon.
};

}  // namespace banyan::store
