#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "banyan/backup/check.hpp"
#include "banyan/backup/console.hpp"

/// A set: copies of the stores of several modules, of one moment, with a manifest. Each module's copy is
/// "<module>.db", a complete SQLite database.
namespace banyan::backup {

/// In the folder of a set; without it the folder is none.
inline constexpr std::string_view manifest_name = "banyan-set.json";

/// Makes a set of these stores in the folder `to`, which is made, or empty. Also while they are in use, by
/// one process or several: no subscriber's copy is ahead of its producer's. The manifest is written last,
/// and then all that was written is checked. False, with a line for each thing, if it could not be made, or
/// the check has found something.
///
/// While it copies, the stores' write-ahead logs can't start over; each is let go once it is copied. A log
/// that thereby grows beyond `log_bytes_max` ends the backup.
bool back_up(std::span<const ModuleStore> stores, const std::string& to, const Console& console);

/// So long may the write-ahead log of a store become while it is copied.
inline constexpr std::uint64_t log_bytes_max = std::uint64_t{256} << 20;

/// Checks a set: each copy against its checksum, its file, its log, and its positions in the logs of the
/// others. False, with a line for each thing that is not well.
bool check_set(const std::string& folder, const Console& console);

}  // namespace banyan::backup
