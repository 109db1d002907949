#include "banyan/testing/temporary_directory.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "banyan/base/assert.hpp"

namespace banyan::testing {
namespace {

// An fsync costs milliseconds on a disk and nothing in memory.
std::filesystem::path parent() {
  const std::filesystem::path in_memory = "/dev/shm";
  const bool is_free_to_choose = std::getenv("TMPDIR") == nullptr;
  return is_free_to_choose && ::access(in_memory.c_str(), W_OK) == 0 ? in_memory
                                                                     : std::filesystem::temp_directory_path();
}

}  // namespace

TemporaryDirectory::TemporaryDirectory() : path_((parent() / "banyan-XXXXXX").string()) {
  BANYAN_ASSERT(::mkdtemp(path_.data()) != nullptr);
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace banyan::testing
