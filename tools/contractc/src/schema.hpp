#pragma once
#include <map>
#include <string>
#include <vector>

#include "model.hpp"

namespace banyan::contractc {

/// Reads the schemas of one document and checks that each keeps to the subset of JSON Schema that contracts
/// may use. What is wrong goes to `problems`; a schema that could not be made sense of is nullptr.
class SchemaReader {
 public:
  /// `asyncapi` is the contract whose AsyncAPI schemas `<file>#/components/schemas/X` may refer to besides
  /// those of this document; nullptr: none.
  SchemaReader(const Document& document, Problems& problems, const Contract* asyncapi = nullptr)
      : document_(document), problems_(problems), asyncapi_(asyncapi) {}

  /// The schema at `node`, following a $ref. `name` is for an enumeration that has no name of its own.
  SchemaPtr read(const Node& node, const std::string& name);
  /// '#/components/schemas/<name>' of this document; nullptr if there is none.
  SchemaPtr component(const std::string& name);

  /// Objects and named or inline enumerations in the order in which they were completed: parts before the
  /// whole.
  const std::vector<SchemaPtr>& types() const noexcept { return types_; }

 private:
  enum class Progress { reading, done };

  SchemaPtr follow(const Node& ref);
  SchemaPtr read_component(const std::string& name, const Node& node);
  SchemaPtr read_inline(const Node& node, const std::string& name, bool is_component);

  bool read_type(const Node& node, Schema& schema);
  void check_keywords(const Node& node, const Schema& schema);
  void read_object(const Node& node, Schema& schema);
  Property read_property(const Member& member, const std::string& owner);
  void read_required(const Node& node, Schema& schema);
  void read_array(const Node& node, Schema& schema, const std::string& name);
  void read_string(const Node& node, Schema& schema, const std::string& name);
  void read_pattern(const Node& pattern, Schema& schema);
  void read_values(const Node& node, Schema& schema, const std::string& name);
  void read_integer_bounds(const Node& node, Schema& schema);
  void read_number_bounds(const Node& node, Schema& schema);
  void read_cpp_type(const Node& type, Schema& schema);
  std::optional<std::int64_t> read_count(const Node& node, std::string_view keyword);
  void check_order(const Node& node, std::string_view low_name, std::optional<std::int64_t> low,
                   std::string_view high_name, std::optional<std::int64_t> high);

  const Document& document_;
  Problems& problems_;
  const Contract* asyncapi_;
  std::map<std::string, Progress> progress_;
  int depth_ = 0;  ///< How many components are being read, each within the one before.
  std::map<std::string, SchemaPtr> components_;
  std::vector<SchemaPtr> types_;
};

/// The difference of `given` from `member`, in words ("type string instead of integer"); empty if nothing.
/// `given` may leave bounds out, but not differ in them.
std::string difference(const Schema& given, const Schema& member);

}  // namespace banyan::contractc
