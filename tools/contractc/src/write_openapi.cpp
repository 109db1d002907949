#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "write.hpp"

namespace banyan::contractc {
namespace {

constexpr std::string_view components_pointer = "#/components/";

Node scalar(std::string text) {
  Node node;
  node.kind = Node::Kind::scalar;
  node.text = std::move(text);
  return node;
}

Node* find(Node& node, std::string_view name) {
  const auto found = std::find_if(node.members.begin(), node.members.end(),
                                  [&](const Member& member) { return member.name == name; });
  return found == node.members.end() ? nullptr : &found->value;
}

/// The map that is the member of that name, which is added if there is none.
Node& map_at(Node& node, const std::string& name) {
  node.kind = Node::Kind::map;
  if (Node* found = find(node, name)) return *found;
  node.members.push_back({name, node.place, Node{}});
  node.members.back().value.kind = Node::Kind::map;
  return node.members.back().value;
}

class Standalone {
 public:
  explicit Standalone(const Contract& contract) : contract_(contract) {}

  Node make() {
    Node document = copy(contract_.openapi->root);
    if (Node* components = find(document, "components")) rename_components(*components);
    add_schemas(document);
    return document;
  }

 private:
  /// `node` without our keywords, with every $ref renamed; schemas that lie in the AsyncAPI file are noted.
  Node copy(const Node& node) {
    Node out = node;
    out.members.clear();
    out.items.clear();
    for (const Node& item : node.items) out.items.push_back(copy(item));
    for (const Member& member : node.members) {
      if (member.name.starts_with("x-banyan-")) continue;
      const bool is_ref = member.name == "$ref" && member.value.is_scalar();
      const bool is_security = member.name == "security" && member.value.is_sequence();
      Node value = is_ref ? scalar(renamed(member.value.text)) : copy(member.value);
      if (is_security) rename_members(value.items);
      out.members.push_back({member.name, member.place, std::move(value)});
    }
    return out;
  }

  std::string renamed(std::string_view ref) {
    const std::size_t hash = std::min(ref.find('#'), ref.size());
    const std::string_view pointer = ref.substr(hash);
    const std::size_t slash = pointer.rfind('/');
    if (!pointer.starts_with(components_pointer) || slash == std::string_view::npos) return std::string{ref};
    const std::string name{pointer.substr(slash + 1)};
    const bool lies_in_asyncapi = hash > 0 || is_copied_from_asyncapi_;
    if (lies_in_asyncapi && seen_.insert(name).second) wanted_.push_back(name);
    return fmt::format("{}/{}", pointer.substr(0, slash), prefixed(name));
  }

  std::string prefixed(const std::string& name) const { return contract_.module + "." + name; }

  void rename_members(std::vector<Node>& maps) const {
    for (Node& map : maps) {
      for (Member& member : map.members) member.name = prefixed(member.name);
    }
  }

  void rename_components(Node& components) const {
    for (Member& section : components.members) {
      for (Member& member : section.value.members) member.name = prefixed(member.name);
    }
  }

  /// Adds the schemas that were referred to in the AsyncAPI file, and those that they refer to.
  void add_schemas(Node& document) {
    is_copied_from_asyncapi_ = true;
    for (std::size_t i = 0; i < wanted_.size(); ++i) {
      const std::string name = wanted_[i];
      const Node& schema = *contract_.asyncapi->root.at_pointer("/components/schemas/" + name);
      Node copied = copy(schema);
      map_at(map_at(document, "components"), "schemas")
          .members.push_back({prefixed(name), schema.place, std::move(copied)});
    }
  }

  const Contract& contract_;
  bool is_copied_from_asyncapi_ = false;
  std::set<std::string> seen_;
  std::vector<std::string> wanted_;
};

void append_members(const Node& from, Node& to) {
  for (const Member& member : from.members) to.members.push_back(member);
}

void append_new_items(const Node& from, Node& to) {
  to.kind = Node::Kind::sequence;
  for (const Node& item : from.items) {
    const std::string text = to_json(item);
    const bool is_known = std::any_of(to.items.begin(), to.items.end(),
                                      [&](const Node& known) { return to_json(known) == text; });
    if (!is_known) to.items.push_back(item);
  }
}

}  // namespace

Node to_standalone_openapi(const Contract& contract) { return Standalone{contract}.make(); }

Node merge_openapi(std::span<const Contract> contracts, const std::string& title,
                   const std::string& version) {
  Node merged;
  merged.kind = Node::Kind::map;
  merged.members.push_back({"openapi", {}, scalar("3.1.0")});
  Node& info = map_at(merged, "info");
  info.members.push_back({"title", {}, scalar(title)});
  info.members.push_back({"version", {}, scalar(version)});
  for (const std::string section : {"servers", "tags", "paths", "components"}) map_at(merged, section);
  for (const Contract& contract : contracts) {
    if (contract.openapi == nullptr) continue;
    const Node document = to_standalone_openapi(contract);
    for (const std::string section : {"servers", "tags"}) {
      if (const Node* items = document.find(section)) append_new_items(*items, map_at(merged, section));
    }
    if (const Node* paths = document.find("paths")) append_members(*paths, map_at(merged, "paths"));
    if (const Node* components = document.find("components")) {
      for (const Member& section : components->members)
        append_members(section.value, map_at(map_at(merged, "components"), section.name));
    }
  }
  return merged;
}

}  // namespace banyan::contractc
