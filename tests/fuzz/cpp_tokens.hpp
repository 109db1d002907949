#pragma once
#include <string>
#include <string_view>

namespace banyan::fuzz {

/// The fault in the literals, comments and brackets of a C++ text, in words; empty if there is none: every
/// literal ends where its line or its file does at the latest, every bracket is closed by its own kind, and
/// outside literals and comments there is nothing but what C++ is written with. No more than that: whether it
/// compiles is for the compiler.
std::string fault_in_cpp(std::string_view text);

}  // namespace banyan::fuzz
