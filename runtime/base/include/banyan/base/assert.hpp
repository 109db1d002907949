#pragma once

namespace banyan {

/// Prints `file:line: assertion failed: condition` and aborts.
[[noreturn]] void assertion_failed(const char* file, int line, const char* condition) noexcept;

}  // namespace banyan

/// Holds in every build type: a broken invariant ends the process rather than spreading into stored data.
#define BANYAN_ASSERT(condition) \
  ((condition) ? static_cast<void>(0) : ::banyan::assertion_failed(__FILE__, __LINE__, #condition))
