#include "banyan/base/assert.hpp"

#include <cstdio>
#include <cstdlib>

namespace banyan {

void assertion_failed(const char* file, int line, const char* condition) noexcept {
  std::fprintf(stderr, "%s:%d: assertion failed: %s\n", file, line, condition);
  std::abort();
}

}  // namespace banyan
