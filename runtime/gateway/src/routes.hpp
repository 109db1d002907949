#pragma once
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace banyan::gateway {

/// Finds the operation for a method and a path among templates such as "/v1/orders/{order_id}". A literal
/// segment goes before a variable one. Filled once, then only read.
class Routes {
 public:
  /// `index` is what find() gives back. Aborts if method and path are taken.
  void add(std::string_view method, std::string_view path, std::size_t index);

  struct Match {
    std::size_t index = 0;
    std::vector<std::string_view> values = {};  ///< Of the variable segments, as in the path.
  };
  std::optional<Match> find(std::string_view method, std::string_view path) const;
  /// The methods that some route has for `path`; HEAD comes with GET.
  std::set<std::string, std::less<>> methods(std::string_view path) const;

 private:
  struct Entry {
    std::string method;
    std::vector<std::string> segments;  // a variable one is empty
    std::size_t index;
  };
  std::vector<Entry> entries_;
};

}  // namespace banyan::gateway
