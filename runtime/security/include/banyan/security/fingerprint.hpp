#pragma once
#include <initializer_list>
#include <string>
#include <string_view>

namespace banyan::security {

/// Tells sequences of texts apart: BLAKE2b-256 over the parts, each after its length, as 64 lower-case
/// hexadecimal digits. ("ab", "c") and ("a", "bc") differ. The value is stored and stays the same for ever.
/// Threads: safe.
std::string fingerprint(std::initializer_list<std::string_view> parts);

}  // namespace banyan::security
