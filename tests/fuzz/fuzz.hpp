#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

/// The function that libFuzzer, or the replay of a corpus, calls with one input. It returns 0, and ends the
/// process if the input shows a fault.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

/// The parts that fuzzers share: how an input is cut up, and how a property is checked.
namespace banyan::fuzz {

/// Ends the process, which is a finding, if `holds` is false. `promise` is the property in words.
inline void require(bool holds, const char* promise, std::string_view got = "") {
  if (holds) return;
  constexpr std::size_t shown_max = 4000;
  const std::string text =
      "does not hold: " + std::string{promise} + '\n' + std::string{got.substr(0, shown_max)};
  std::fprintf(stderr, "%s\n", text.c_str());
  std::abort();
}

/// Takes an input apart from its front. The parts end with line ends, so that inputs are legible and a
/// mutation of one part leaves the others in place. Lifetime: that of the bytes.
class Parts {
 public:
  Parts(const std::uint8_t* data, std::size_t size) : rest_(reinterpret_cast<const char*>(data), size) {}

  /// Up to the next line feed, which goes with it; all of it if there is none.
  std::string_view line() {
    const std::size_t end = std::min(rest_.find('\n'), rest_.size());
    const std::string_view taken = rest_.substr(0, end);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    return taken;
  }
  /// Up to the next line that consists of `mark`; all of it if there is none.
  std::string_view until(std::string_view mark) {
    const std::string end = "\n" + std::string{mark} + "\n";
    const std::size_t found = std::min(rest_.find(end), rest_.size());
    const std::string_view taken = rest_.substr(0, found);
    rest_.remove_prefix(std::min(found + end.size(), rest_.size()));
    return taken;
  }
  bool at_end() const noexcept { return rest_.empty(); }
  std::string_view rest() const noexcept { return rest_; }

 private:
  std::string_view rest_;
};

/// Which of `count` a name means that is none of theirs: always the same one.
inline std::size_t pick(std::string_view name, std::size_t count) {
  std::size_t sum = 5381;
  for (const char c : name) sum = sum * 33 + static_cast<unsigned char>(c);
  return sum % count;
}

/// Calls `add(name, value)` for every line "Name: value" up to an empty one.
template <class Add>
void take_fields(Parts& parts, Add add) {
  for (std::string_view line = parts.line(); !line.empty(); line = parts.line()) {
    const std::size_t colon = std::min(line.find(": "), line.size());
    add(line.substr(0, colon), line.substr(std::min(colon + 2, line.size())));
  }
}

}  // namespace banyan::fuzz
