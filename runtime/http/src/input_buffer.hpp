#pragma once
#include <algorithm>
#include <cstddef>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

namespace banyan::http {

/// Bytes that came and that nobody has taken yet; keeps its memory.
class InputBuffer {
 public:
  bool empty() const noexcept { return first_ == last_; }
  std::string_view view() const noexcept { return {bytes_.data() + first_, last_ - first_}; }

  void consume(std::size_t count) noexcept {
    first_ += count;
    if (first_ == last_) clear();
  }
  void clear() noexcept { first_ = last_ = 0; }

  /// Room to receive into; at least `smallest` bytes.
  std::span<char> prepare() {
    if (first_ > 0 && bytes_.size() - last_ < smallest) move_to_front();
    if (bytes_.size() - last_ < smallest) bytes_.resize(std::max(initial, 2 * bytes_.size()));
    return std::span{bytes_}.subspan(last_);
  }
  void commit(std::size_t count) noexcept { last_ += count; }

 private:
  static constexpr std::size_t initial = 4096;
  static constexpr std::size_t smallest = 1024;

  void move_to_front() noexcept {
    std::memmove(bytes_.data(), bytes_.data() + first_, last_ - first_);
    last_ -= first_;
    first_ = 0;
  }

  std::vector<char> bytes_;
  std::size_t first_ = 0;
  std::size_t last_ = 0;
};

}  // namespace banyan::http
