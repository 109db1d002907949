#include "keys.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace banyan::contractc {

void check_keys(const Node& node, std::string_view what, std::initializer_list<std::string_view> known,
                Problems& problems) {
  for (const Member& member : node.members) {
    if (std::find(known.begin(), known.end(), member.name) != known.end()) continue;
    if (member.name.starts_with("x-") && !member.name.starts_with("x-banyan-")) continue;
    problems.add(member.place,
                 "unknown keyword '{}' in {}: nothing would come of it; remove it, or correct one of {}",
                 member.name, what, fmt::join(known, ", "));
  }
}

const Node* need(const Node& node, std::string_view name, std::string_view what, Problems& problems) {
  const Node* found = node.find(name);
  if (found == nullptr) problems.add(node.place, "{} has no '{}'; add it", what, name);
  return found;
}

std::string text_of(const Node& node, std::string_view name) {
  const Node* found = node.find(name);
  return found != nullptr && found->is_scalar() ? found->text : "";
}

std::string name_behind_ref(const Node& node, std::string_view prefix) {
  const std::string ref = text_of(node, "$ref");
  return ref.starts_with(prefix) ? ref.substr(prefix.size()) : "";
}

}  // namespace banyan::contractc
