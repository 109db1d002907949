#include "banyan/testing/temporary_directory.hpp"

#include <cstdlib>
#include <filesystem>

#include "banyan/base/assert.hpp"

namespace banyan::testing {

TemporaryDirectory::TemporaryDirectory()
    : path_((std::filesystem::temp_directory_path() / "banyan-XXXXXX").string()) {
  BANYAN_ASSERT(::mkdtemp(path_.data()) != nullptr);
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace banyan::testing
