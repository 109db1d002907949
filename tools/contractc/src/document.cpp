#include "document.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "banyan/base/utf8.hpp"

namespace banyan::contractc {
namespace {

constexpr std::size_t bytes_max = 1 << 20;
constexpr std::size_t depth_max = 64;

/// Stops the reading of a file; the problem has been told.
struct Refused {};

/// Builds our tree from what yaml-cpp finds, so that no other file knows yaml-cpp, and nothing that a file
/// has grows beyond the file: an alias could stand for a part that has aliases itself, and so on.
class Builder final : public YAML::EventHandler {
 public:
  Builder(std::string_view path, Problems& problems) : path_(path), problems_(problems) {}

  Node take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override { add(node(mark, Node::Kind::null)); }
  void OnAnchor(const YAML::Mark& mark, const std::string& name) override {
    refuse(mark, "the anchor '&{}' would let one text stand in many places; use a $ref", name);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    refuse(mark, "an alias stands for a text of another place; use a $ref");
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                const std::string& value) override {
    check_text(mark, value);
    Node scalar = node(mark, Node::Kind::scalar);
    scalar.text = value;
    scalar.is_plain = tag == "?";
    add(std::move(scalar));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    open(mark, Node::Kind::sequence);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {
    open(mark, Node::Kind::map);
  }
  void OnMapEnd() override { close(); }

 private:
  /// A list or a map whose end has not come, and the name in it whose value comes next.
  struct Open {
    Node node;
    std::set<std::string> names = {};
    std::optional<Member> name = {};
    bool is_name_due = true;
  };

  template <class... Arguments>
  [[noreturn]] void refuse(const YAML::Mark& mark, fmt::format_string<Arguments...> text,
                           Arguments&&... arguments) {
    problems_.add(place_of(mark), text, std::forward<Arguments>(arguments)...);
    throw Refused{};
  }

  Place place_of(const YAML::Mark& mark) const { return {path_, mark.line + 1, mark.column + 1}; }

  Node node(const YAML::Mark& mark, Node::Kind kind) const {
    Node made;
    made.kind = kind;
    made.place = place_of(mark);
    return made;
  }

  void open(const YAML::Mark& mark, Node::Kind kind) {
    if (open_.size() == depth_max)
      refuse(mark, "it is nested more than {} deep; put a part into a component", depth_max);
    open_.push_back({.node = node(mark, kind)});
  }

  void close() {
    Node whole = std::move(open_.back().node);
    open_.pop_back();
    add(std::move(whole));
  }

  void add(Node value) {
    if (open_.empty()) {
      root_ = std::move(value);
    } else if (open_.back().node.is_sequence()) {
      open_.back().node.items.push_back(std::move(value));
    } else if (std::exchange(open_.back().is_name_due, !open_.back().is_name_due)) {
      take_name(open_.back(), value);
    } else if (open_.back().name) {
      open_.back().name->value = std::move(value);
      open_.back().node.members.push_back(*std::exchange(open_.back().name, std::nullopt));
    }
  }

  /// Without a good name its value is left out.
  void take_name(Open& map, const Node& name) {
    if (!name.is_scalar()) {
      problems_.add(name.place, "a name must be a plain text, not a list or a map");
    } else if (!map.names.insert(name.text).second) {
      problems_.add(name.place, "'{}' occurs twice here, so one of them would be lost; rename or remove one",
                    name.text);
    } else {
      map.name = Member{name.text, name.place, {}};
    }
  }

  // It goes into C++, JSON and Markdown, where such a character would end a line or the text.
  void check_text(const YAML::Mark& mark, std::string_view text) {
    const auto is_control = [](char c) {
      return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7f;
    };
    if (!is_utf8(text)) refuse(mark, "this text is not UTF-8; write it as that");
    if (std::any_of(text.begin(), text.end(), is_control)) {
      refuse(mark, "this text has a control character; leave it out");
    }
  }

  std::string_view path_;
  Problems& problems_;
  Node root_;
  std::vector<Open> open_;
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

/// False if it was refused.
bool parse(std::string text, Document& to, Problems& problems) {
  Builder builder{to.path, problems};
  try {
    std::istringstream stream{std::move(text)};
    YAML::Parser parser{stream};
    parser.HandleNextDocument(builder);
    to.root = builder.take();
    return true;
  } catch (const Refused&) {
    return false;
  } catch (const YAML::Exception& error) {
    problems.add({to.path, error.mark.line + 1, error.mark.column + 1},
                 "this is not YAML: {}; put the syntax right first", error.msg);
    return false;
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
  std::string text(bytes_max + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > bytes_max) {
    problems.add({document->path}, "the file has more than {} bytes; split the module", bytes_max);
    return nullptr;
  }
  if (!is_utf8(text)) {
    problems.add({document->path}, "the file is not UTF-8; save it as that");
    return nullptr;
  }
  if (!parse(std::move(text), *document, problems)) return nullptr;
  return document;
}

std::string to_json(const Node& node) {
  std::string out;
  append_json(node, 0, out);
  return out;
}

}  // namespace banyan::contractc
