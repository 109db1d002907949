#pragma once
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "banyan/base/clock.hpp"
#include "banyan/base/uuid.hpp"
#include "banyan/json/value.hpp"

namespace banyan::json {

/// One way in which a document breaks its schema.
struct Violation {
  std::string pointer;  ///< RFC 6901 as a URI fragment: "#/lines/0/quantity".
  std::string detail;   ///< "must be at least 1"
};

/// All that is wrong with a document, in document order, at most `violations_max` of them.
class Violations {
 public:
  static constexpr std::size_t violations_max = 100;

  bool empty() const noexcept { return all_.empty(); }
  const std::vector<Violation>& all() const noexcept { return all_; }
  void add(std::string pointer, std::string detail);

 private:
  std::vector<Violation> all_;
};

/// Where a decoder stands in the document; cheap to make, the text of the pointer is only built for a violation.
/// Lifetime: refers to its parent and to the name.
class Path {
 public:
  Path() = default;
  Path(const Path& parent, std::string_view member) : parent_(&parent), member_(member) {}
  Path(const Path& parent, std::size_t index) : parent_(&parent), index_(index), is_index_(true) {}

  std::string to_pointer() const;

 private:
  const Path* parent_ = nullptr;
  std::string_view member_;
  std::size_t index_ = 0;
  bool is_index_ = false;
};

}  // namespace banyan::json
