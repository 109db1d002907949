#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "problems.hpp"

namespace banyan::contractc {

struct Member;

/// One value of a YAML file, with the place where it stands.
struct Node {
  enum class Kind { null, scalar, sequence, map };

  Kind kind = Kind::null;
  Place place;
  std::string text;             ///< Of a scalar.
  bool is_plain = false;        ///< A scalar without quotes: it may be a number or a boolean.
  std::vector<Node> items;      ///< Of a sequence.
  std::vector<Member> members;  ///< Of a map, in the order of the file, names unique.

  bool is_map() const noexcept { return kind == Kind::map; }
  bool is_sequence() const noexcept { return kind == Kind::sequence; }
  bool is_scalar() const noexcept { return kind == Kind::scalar; }
  bool is_string() const noexcept;
  std::optional<bool> as_boolean() const noexcept;
  std::optional<std::int64_t> as_integer() const noexcept;
  std::optional<double> as_number() const noexcept;

  /// The member of that name if this is a map that has one, else nullptr.
  const Node* find(std::string_view name) const noexcept;
  /// The node that a JSON pointer ("/components/schemas/Line") leads to, or nullptr.
  const Node* at_pointer(std::string_view pointer) const noexcept;
};

struct Member {
  std::string name;
  Place place;  ///< Of the name.
  Node value;
};

/// One contract file. Its nodes' places refer to `path`, so it stays where it is.
struct Document {
  std::string path;
  std::string file_name;  ///< The last part of the path.
  Node root;
};

/// Reads one file. Syntax errors, names that occur twice in a map and names that are no scalars go to
/// `problems`; so do anchors and aliases, text that is not UTF-8 or has control characters, and a file that
/// is too large or too deeply nested. nullptr if the file cannot be read at all.
std::unique_ptr<Document> read_document(const std::string& path, Problems& problems);

/// `node` as JSON, indented by one space a level; a string for every scalar that is no boolean, number or
/// null.
std::string to_json(const Node& node);

}  // namespace banyan::contractc
