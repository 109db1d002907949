#include "faulty_disk.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstring>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace fault {
namespace {

constexpr std::array<const char*, disk_calls> call_names{DISK_CALL_NAMES};
constexpr std::array errors{EIO, ENOSPC, EDQUOT, EROFS, EMFILE, ENOMEM};

void require(bool is_so, const char* what) {
  if (!is_so) throw std::runtime_error(std::string{what} + ": " + std::strerror(errno));
}

unsigned value_of(std::uint32_t& count) {
  return std::atomic_ref<std::uint32_t>{count}.load(std::memory_order_relaxed);
}

template <class Range, class Is>
auto found(const Range& range, Is is) {
  for (const auto& one : range) {
    if (is(one)) return one;
  }
  throw std::invalid_argument("a fault is CALL:FIRST:TIMES:ERROR or CALL:FIRST:TIMES:ERROR FILES");
}

}  // namespace

std::string to_string(const DiskFault& fault) {
  return std::string{call_names[fault.call]} + ":" + std::to_string(fault.first) + ":" +
         std::to_string(fault.times) + ":" + ::strerrorname_np(fault.error) +
         (fault.files.empty() ? "" : " " + fault.files);
}

DiskFault parse_disk_fault(const std::string& text) {
  std::istringstream words{text};
  std::string call, error;
  DiskFault fault;
  char colon = 0;
  std::getline(words, call, ':');
  words >> fault.first >> colon >> fault.times >> colon >> error >> fault.files;
  const char* name = found(call_names, [&](const char* known) { return call == known; });
  while (call_names[fault.call] != name) fault.call = static_cast<disk_call>((fault.call + 1) % disk_calls);
  fault.error = found(errors, [&](int known) { return error == ::strerrorname_np(known); });
  return fault;
}

FaultyDisk::FaultyDisk(const std::string& root, const std::optional<DiskFault>& fault)
    : environment_{{"LD_PRELOAD", FAULTY_DISK},
                   {"FAULT_DISK_ROOT", root},
                   {"FAULT_DISK_COUNTS", place_.path() + "/counts"},
                   {"FAULT_DISK_TRACE", place_.path() + "/trace"}} {
  if (fault) {
    environment_.emplace_back(
        "FAULT_DISK_FAIL", std::string{call_names[fault->call]} + ":" + std::to_string(fault->first) + ":" +
                               std::to_string(fault->times) + ":" + std::to_string(fault->error));
    if (!fault->files.empty()) environment_.emplace_back("FAULT_DISK_FILES", fault->files);
  }
  const int counts = ::open((place_.path() + "/counts").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  require(counts >= 0 && ::ftruncate(counts, sizeof(disk_counts)) == 0, "the counts");
  void* const mapped = ::mmap(nullptr, sizeof(disk_counts), PROT_READ | PROT_WRITE, MAP_SHARED, counts, 0);
  ::close(counts);
  require(mapped != MAP_FAILED, "the counts");
  counts_ = static_cast<disk_counts*>(mapped);
  trace_ = ::open((place_.path() + "/trace").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  require(trace_ >= 0, "the trace");
}

FaultyDisk::~FaultyDisk() {
  ::munmap(counts_, sizeof(disk_counts));
  ::close(trace_);
}

unsigned FaultyDisk::calls(disk_call call) const { return value_of(counts_->calls[call]); }
unsigned FaultyDisk::failed() const { return value_of(counts_->failed); }
void FaultyDisk::mend() { std::atomic_ref<std::uint32_t>{counts_->is_sound}.store(1); }

void FaultyDisk::mark(const std::string& text) {
  const disk_record head{.event = disk_mark, .file = 0, .offset = 0, .size = text.size()};
  std::string bytes(sizeof head, '\0');
  std::memcpy(bytes.data(), &head, sizeof head);
  bytes += text;
  require(::write(trace_, bytes.data(), bytes.size()) == std::ssize(bytes), "the trace");
}

std::string FaultyDisk::trace() const {
  std::ostringstream bytes;
  bytes << std::ifstream{place_.path() + "/trace", std::ios::binary}.rdbuf();
  return bytes.str();
}

}  // namespace fault
