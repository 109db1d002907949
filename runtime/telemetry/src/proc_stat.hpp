#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace banyan::telemetry {

/// The figures of /proc/<pid>/stat about a process, in its own units.
struct ProcStat {
  std::uint64_t cpu_ticks = 0;    ///< In user and kernel mode.
  std::uint64_t start_ticks = 0;  ///< After the boot.
  std::uint64_t virtual_bytes = 0;
  std::uint64_t resident_pages = 0;
};

/// nullopt for anything that is not the text of such a file.
std::optional<ProcStat> parse_proc_stat(std::string_view text);

/// When the machine was booted, in seconds since 1970, out of the text of /proc/stat.
std::optional<std::uint64_t> parse_boot_time(std::string_view text);

}  // namespace banyan::telemetry
