#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "banyan/base/clock.hpp"
#include "banyan/base/result.hpp"
#include "banyan/base/uuid.hpp"

namespace banyan::backup {

/// The copy of one store, as the set's manifest has it.
struct Copy {
  std::string module;
  std::string file;  ///< In the folder of the set.
  std::uint64_t bytes = 0;
  std::string sha256 = {};
  Uuid epoch = {};         ///< Of the log; nil if it was never begun.
  std::uint64_t head = 0;  ///< Its last row.
};

/// The file that makes a folder of copies a set: it is written last, after all copies are there and durable.
struct Manifest {
  Uuid id;
  std::string version;  ///< Of the program that has made it.
  Timestamp made_at{};
  std::vector<Copy> copies = {};

  const Copy* find(std::string_view module) const;
};

std::string to_json(const Manifest& manifest);
/// Errors: invalid_argument "backup.bad_manifest"; conflict "backup.newer_format": a later version has made
/// it.
Result<Manifest> parse_manifest(std::string_view text);

/// Of the set in that folder. Errors: not_found "backup.not_a_set"; those of parse_manifest(); unavailable
/// "backup.file".
Result<Manifest> read_manifest(const std::string& folder);
Status write_manifest(const std::string& folder, const Manifest& manifest);

}  // namespace banyan::backup
