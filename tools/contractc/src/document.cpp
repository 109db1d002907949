#include "document.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace banyan::contractc {
namespace {

/// Copies yaml-cpp's tree into ours, so that no other file knows yaml-cpp.
class Copier {
 public:
  Copier(std::string_view path, Problems& problems) : path_(path), problems_(problems) {}

  Node copy(const YAML::Node& from) {
    Node to;
    to.place = place_of(from);
    switch (from.Type()) {
      case YAML::NodeType::Scalar:
        to.kind = Node::Kind::scalar;
        to.text = from.Scalar();
        to.is_plain = from.Tag() == "?";
        break;
      case YAML::NodeType::Sequence:
        to.kind = Node::Kind::sequence;
        for (const YAML::Node& item : from) to.items.push_back(copy(item));
        break;
      case YAML::NodeType::Map:
        to.kind = Node::Kind::map;
        copy_members(from, to);
        break;
      default:
        break;
    }
    return to;
  }

 private:
  Place place_of(const YAML::Node& node) const {
    const YAML::Mark mark = node.Mark();
    return {path_, mark.line + 1, mark.column + 1};
  }

  void copy_members(const YAML::Node& from, Node& to) {
    std::set<std::string> names;
    for (const auto& member : from) {
      const Place place = place_of(member.first);
      if (!member.first.IsScalar()) {
        problems_.add(place, "a name must be a plain text, not a list or a map");
        continue;
      }
      const std::string& name = member.first.Scalar();
      if (!names.insert(name).second) {
        problems_.add(place, "'{}' occurs twice here, so one of them would be lost; rename or remove one",
                      name);
        continue;
      }
      to.members.push_back({name, place, copy(member.second)});
    }
  }

  std::string_view path_;
  Problems& problems_;
};

/// True for what JSON calls a number: no leading zeros or plus, digits on both sides of the point.
bool is_json_number(std::string_view text) noexcept {
  const auto digits = [&text] {
    const std::size_t count = std::min(text.find_first_not_of("0123456789"), text.size());
    text.remove_prefix(count);
    return count;
  };
  if (text.starts_with('-')) text.remove_prefix(1);
  const bool starts_with_zero = text.starts_with('0');
  const std::size_t whole = digits();
  if (whole == 0 || (starts_with_zero && whole > 1)) return false;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    if (digits() == 0) return false;
  }
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
    if (digits() == 0) return false;
  }
  return text.empty();
}

template <class Number>
std::optional<Number> parse_whole(std::string_view text) noexcept {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string to_json_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<int>(c));
    } else {
      out += c;
    }
  }
  return out + '"';
}

void append_json(const Node& node, std::size_t depth, std::string& out) {
  const std::string indent(depth + 1, ' ');
  const std::string closing = "\n" + std::string(depth, ' ');
  if (node.is_map()) {
    for (std::size_t i = 0; i < node.members.size(); ++i) {
      out += (i == 0 ? "{\n" : ",\n") + indent + to_json_string(node.members[i].name) + ": ";
      append_json(node.members[i].value, depth + 1, out);
    }
    out += node.members.empty() ? "{}" : closing + "}";
  } else if (node.is_sequence()) {
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      out += (i == 0 ? "[\n" : ",\n") + indent;
      append_json(node.items[i], depth + 1, out);
    }
    out += node.items.empty() ? "[]" : closing + "]";
  } else if (node.is_string()) {
    out += to_json_string(node.text);
  } else {
    out += node.is_scalar() ? node.text : "null";
  }
}

}  // namespace

bool Node::is_string() const noexcept { return is_scalar() && !as_boolean() && !as_number(); }

std::optional<bool> Node::as_boolean() const noexcept {
  if (!is_scalar() || !is_plain || (text != "true" && text != "false")) return std::nullopt;
  return text == "true";
}

std::optional<std::int64_t> Node::as_integer() const noexcept {
  if (!is_scalar() || !is_plain || !is_json_number(text)) return std::nullopt;
  return parse_whole<std::int64_t>(text);
}

std::optional<double> Node::as_number() const noexcept {
  if (!is_scalar() || !is_plain || !is_json_number(text)) return std::nullopt;
  const std::optional<double> value = parse_whole<double>(text);
  return value && std::isfinite(*value) ? value : std::nullopt;
}

const Node* Node::find(std::string_view name) const noexcept {
  for (const Member& member : members) {
    if (member.name == name) return &member.value;
  }
  return nullptr;
}

const Node* Node::at_pointer(std::string_view pointer) const noexcept {
  const Node* node = this;
  while (node != nullptr && !pointer.empty()) {
    if (pointer.front() != '/') return nullptr;
    pointer.remove_prefix(1);
    const std::size_t end = std::min(pointer.find('/'), pointer.size());
    node = node->find(pointer.substr(0, end));
    pointer.remove_prefix(end);
  }
  return node;
}

std::unique_ptr<Document> read_document(const std::string& path, Problems& problems) {
  auto document = std::make_unique<Document>();
  document->path = path;
  document->file_name = std::filesystem::path{path}.filename().string();
  std::ifstream file{path, std::ios::binary};
  if (!file) {
    problems.add({document->path}, "the file cannot be read; a contract is needed here");
    return nullptr;
  }
  std::ostringstream text;
  text << file.rdbuf();
  try {
    document->root = Copier{document->path, problems}.copy(YAML::Load(text.str()));
  } catch (const YAML::Exception& error) {
    problems.add({document->path, error.mark.line + 1, error.mark.column + 1},
                 "this is not YAML: {}; put the syntax right first", error.msg);
    return nullptr;
  }
  return document;
}

std::string to_json(const Node& node) {
  std::string out;
  append_json(node, 0, out);
  return out;
}

}  // namespace banyan::contractc
