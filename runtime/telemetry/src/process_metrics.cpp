#include "banyan/telemetry/process_metrics.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <string>
#include <system_error>

#include "proc_stat.hpp"

namespace banyan::telemetry {
namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

std::string read(const char* path) {
  std::ifstream file{path};
  return {std::istreambuf_iterator<char>{file}, {}};
}

/// One figure out of /proc/self/stat.
template <class Pick>
double own_stat(Pick pick) {
  const auto stat = parse_proc_stat(read("/proc/self/stat"));
  return stat ? pick(*stat) : unknown;
}

double seconds(std::uint64_t ticks) {
  return static_cast<double>(ticks) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

double cpu_seconds() {
  return own_stat([](const ProcStat& stat) { return seconds(stat.cpu_ticks); });
}

double virtual_bytes() {
  return own_stat([](const ProcStat& stat) { return static_cast<double>(stat.virtual_bytes); });
}

double resident_bytes() {
  return own_stat([](const ProcStat& stat) {
    return static_cast<double>(stat.resident_pages) * static_cast<double>(::sysconf(_SC_PAGESIZE));
  });
}

double start_time() {
  const auto boot = parse_boot_time(read("/proc/stat"));
  if (!boot) return unknown;
  return own_stat(
      [&](const ProcStat& stat) { return static_cast<double>(*boot) + seconds(stat.start_ticks); });
}

double open_fds() {
  std::error_code error;
  const std::filesystem::directory_iterator first{"/proc/self/fd", error};
  if (error) return unknown;
  return static_cast<double>(std::distance(first, {})) - 1;  // Less the one that lists them.
}

double max_fds() {
  rlimit limit{};
  return ::getrlimit(RLIMIT_NOFILE, &limit) == 0 ? static_cast<double>(limit.rlim_cur) : unknown;
}

}  // namespace

ProcessMetrics::ProcessMetrics(Registry& registry) {
  const auto gauge = [&](std::string_view name, std::string_view help, double (*reading)()) {
    registrations_.push_back(registry.gauge({name, help}, {}, reading));
  };
  registrations_.push_back(
      registry.counter({"process_cpu_seconds_total", "CPU time in user and kernel mode."}, {}, cpu_seconds));
  gauge("process_resident_memory_bytes", "Memory that is in RAM.", resident_bytes);
  gauge("process_virtual_memory_bytes", "Address space that is mapped.", virtual_bytes);
  gauge("process_open_fds", "File descriptors that are open.", open_fds);
  gauge("process_max_fds", "File descriptors that may be open.", max_fds);
  gauge("process_start_time_seconds", "When the process started, in seconds since 1970.", start_time);
}

}  // namespace banyan::telemetry
