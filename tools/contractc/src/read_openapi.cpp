#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "http_shape.hpp"
#include "keys.hpp"
#include "names.hpp"
#include "read_contract.hpp"
#include "schema.hpp"

namespace banyan::contractc {
namespace {

constexpr std::string_view components_pointer = "#/components/";
constexpr std::array methods{"get", "post", "put", "patch", "delete"};
constexpr std::string_view idempotency_key = "Idempotency-Key";

class OpenapiReader {
 public:
  OpenapiReader(Contract& contract, Problems& problems)
      : contract_(contract),
        problems_(problems),
        root_(contract.openapi->root),
        schemas_(*contract.openapi, problems, &contract) {}

  void read() {
    check_keys(root_, "an OpenAPI document",
               {"openapi", "info", "servers", "tags", "paths", "components", "security", "externalDocs"},
               problems_);
    if (const Node* version = need(root_, "openapi", "the document", problems_);
        version != nullptr && !version->text.starts_with("3.1.")) {
      problems_.add(version->place, "OpenAPI '{}' is not read here; write 3.1.0", version->text);
    }
    need(root_, "info", "the document", problems_);
    check_refs(root_);
    const Node* paths = need(root_, "paths", "the document", problems_);
    if (paths == nullptr) return;
    for (const Member& path : paths->members) read_path(path);
  }

 private:
  /// Every $ref of the document leads to a component of it, or to a schema of the AsyncAPI file.
  void check_refs(const Node& node) {
    for (const Node& item : node.items) check_refs(item);
    for (const Member& member : node.members) {
      check_refs(member.value);
      if (member.name == "$ref" && member.value.is_scalar()) check_ref(member.value);
    }
  }

  void check_ref(const Node& ref) {
    const std::string& target = ref.text;
    const bool leads_out = target.starts_with(contract_.asyncapi->file_name + "#/components/schemas/");
    if (!leads_out && !target.starts_with(components_pointer)) {
      problems_.add(
          ref.place,
          "$ref '{}' leads into another file or to no component; a contract stands alone, so repeat "
          "the part in this file's components",
          target);
      return;
    }
    const Node& root = leads_out ? contract_.asyncapi->root : root_;
    if (root.at_pointer(target.substr(target.find('#') + 1)) == nullptr) {
      problems_.add(ref.place, "$ref '{}' leads nowhere; add what it names, or correct the name", target);
    }
  }

  /// `node` itself, or what its $ref leads to in this document; nullptr if that is nowhere (check_refs says
  /// so).
  const Node* resolve(const Node& node) const {
    const Node* ref = node.find("$ref");
    if (ref == nullptr) return &node;
    return ref->text.starts_with("#") ? root_.at_pointer(std::string_view{ref->text}.substr(1)) : nullptr;
  }

  void read_path(const Member& path) {
    check_keys(path.value, "a path",
               {"summary", "description", "parameters", "get", "post", "put", "patch", "delete"}, problems_);
    const std::string shape = shape_of_path(path.name);
    if (!path.name.starts_with("/"))
      problems_.add(path.place, "the path '{}' does not begin with '/'", path.name);
    if (!is_made_of(path.name, "/{}-._~!$&'()*+,;=:@%")) {
      problems_.add(path.place, "the path '{}' has a character that no path has; encode it as %XX",
                    path.name);
    }
    const auto [other, is_new] = shapes_.emplace(shape, path.name);
    if (!is_new) {
      problems_.add(path.place,
                    "the path '{}' matches the same requests as '{}'; put their operations under one of them",
                    path.name, other->second);
    }
    for (const Member& member : path.value.members) {
      const bool is_operation = std::find(methods.begin(), methods.end(), member.name) != methods.end();
      if (is_operation) read_operation(path, member.name, member.value);
    }
  }

  void read_operation(const Member& path, const std::string& method, const Node& node) {
    check_keys(node, "an operation",
               {"operationId", "tags", "summary", "description", "deprecated", "security", "parameters",
                "requestBody", "responses", "x-banyan-message", "x-banyan-location", "x-banyan-version",
                "x-banyan-next-cursor"},
               problems_);
    Route route;
    route.place = node.place;
    route.path = path.name;
    route.shape = shape_of_path(path.name);
    std::transform(method.begin(), method.end(), std::back_inserter(route.method),
                   [](char c) { return static_cast<char>(c - 'a' + 'A'); });
    read_operation_id(node, route);
    const Message* message = message_of(node);
    if (message == nullptr || message->schema == nullptr) return;
    if (route.method == "GET" && message->kind != Kind::query) {
      problems_.add(node.place, "a GET changes nothing, and {} is a command; use POST, PUT, PATCH or DELETE",
                    message->name);
    }
    route.message = message->name;
    read_parameters(path.value, node, *message, route);
    check_path(path, route);
    const Schema* body = read_body(node, *message, route);
    check_coverage(node, *message, body, route);
    if (const Message* reply = contract_.find_message(message->reply);
        reply != nullptr && reply->schema != nullptr) {
      read_responses(node, *message, *reply, route);
      read_reply_members(node, *reply->schema, route);
      read_unchanged(node, route);
    }
    contract_.routes.push_back(std::move(route));
  }

  void read_operation_id(const Node& node, Route& route) {
    const Node* id = need(node, "operationId", "the operation", problems_);
    if (id == nullptr) return;
    route.operation = id->text;
    if (!is_identifier(id->text) || !is_snake_name(to_snake_case(id->text))) {
      problems_.add(id->place, "the operationId '{}' becomes a name in C++: write it in camelCase", id->text);
    }
    if (!operations_.insert(id->text).second) {
      problems_.add(id->place, "the operationId '{}' occurs twice; rename one", id->text);
    }
  }

  const Message* message_of(const Node& node) {
    const Node* name = need(node, "x-banyan-message", "the operation", problems_);
    if (name == nullptr) return nullptr;
    const Message* message = contract_.find_message(name->text);
    if (message == nullptr || (message->kind != Kind::command && message->kind != Kind::query)) {
      problems_.add(name->place, "'{}' is no command or query of module '{}'; name one that is in {}",
                    name->text, contract_.module, contract_.asyncapi->file_name);
      return nullptr;
    }
    return message;
  }

  void read_parameters(const Node& path, const Node& operation, const Message& message, Route& route) {
    for (const Node* owner : {&path, &operation}) {
      const Node* list = owner->find("parameters");
      if (list == nullptr) continue;
      for (const Node& item : list->items) {
        const Node* node = resolve(item);
        if (node != nullptr) read_parameter(*node, message, route);
      }
    }
    if (route.method == "POST" && !route.needs_idempotency_key) {
      problems_.add(operation.place,
                    "a POST needs the required header parameter '{}', or a client could not repeat it "
                    "safely; add it",
                    idempotency_key);
    }
  }

  void read_parameter(const Node& node, const Message& message, Route& route) {
    check_keys(node, "a parameter",
               {"name", "in", "required", "description", "deprecated", "schema", "example", "examples",
                "x-banyan-field"},
               problems_);
    Parameter parameter;
    parameter.name = text_of(node, "name");
    parameter.in = text_of(node, "in");
    if (const Node* required = node.find("required"))
      parameter.is_required = required->as_boolean().value_or(false);
    if (parameter.in != "path" && parameter.in != "query" && parameter.in != "header") {
      problems_.add(node.place, "parameter '{}' is in '{}'; it can be in path, query or header",
                    parameter.name, parameter.in);
      return;
    }
    if (parameter.in == "header" && parameter.name == idempotency_key) {
      route.needs_idempotency_key = parameter.is_required;
      return;
    }
    if (!is_made_of(parameter.name, "-._")) {
      problems_.add(node.place, "the name '{}' of a parameter is made of letters, digits, '-', '.' and '_'",
                    parameter.name);
    }
    const Node* field = node.find("x-banyan-field");
    parameter.field = field == nullptr ? parameter.name : field->text;
    const Property* member = message.schema->find(parameter.field);
    if (member == nullptr) {
      problems_.add(
          node.place,
          "parameter '{}' fills no member: {} has no '{}'; name one by x-banyan-field, or remove the "
          "parameter",
          parameter.name, message.name, parameter.field);
      return;
    }
    parameter.schema = member->schema;
    check_parameter(node, parameter, message);
    const bool is_taken = std::any_of(route.parameters.begin(), route.parameters.end(),
                                      [&](const Parameter& other) { return other.field == parameter.field; });
    if (is_taken)
      problems_.add(node.place, "the member '{}' is filled by two parameters; remove one", parameter.field);
    route.parameters.push_back(std::move(parameter));
  }

  void check_parameter(const Node& node, Parameter& parameter, const Message& message) {
    if (parameter.schema == nullptr) return;
    if (parameter.schema->shape == Shape::object || parameter.schema->shape == Shape::array) {
      problems_.add(node.place,
                    "the member '{}' of {} is an {}, which no parameter can carry; take it from the body",
                    parameter.field, message.name, to_string(parameter.schema->shape));
      return;
    }
    if (parameter.in == "path" && !parameter.is_required) {
      problems_.add(node.place,
                    "parameter '{}' is part of the path, so it is there always; write 'required: true'",
                    parameter.name);
      parameter.is_required = true;
    }
    const Node* schema = need(node, "schema", fmt::format("parameter '{}'", parameter.name), problems_);
    if (schema == nullptr) return;
    const SchemaPtr given = schemas_.read(*schema, parameter.schema->name);
    if (given == nullptr) return;
    const std::string wrong = difference(*given, *parameter.schema);
    if (!wrong.empty()) {
      problems_.add(schema->place, "parameter '{}' has {}, but fills '{}' of {}; make the schemas agree",
                    parameter.name, wrong, parameter.field, message.name);
    }
  }

  void check_path(const Member& path, const Route& route) {
    std::set<std::string> in_template;
    for (const std::string& name : names_in_template(path.name)) {
      if (!in_template.insert(name).second) {
        problems_.add(path.place, "'{{{}}}' occurs twice in the path; rename one", name);
      }
    }
    std::set<std::string> declared;
    for (const Parameter& parameter : route.parameters) {
      if (parameter.in == "path") declared.insert(parameter.name);
    }
    for (const std::string& name : in_template) {
      if (!declared.contains(name)) {
        problems_.add(
            path.place,
            "the path has '{{{0}}}', but {1} has no path parameter '{0}' that fills a member; add it", name,
            route.method);
      }
    }
    for (const std::string& name : declared) {
      if (!in_template.contains(name)) {
        problems_.add(route.place, "the path parameter '{0}' does not occur in the path; add '{{{0}}}' there",
                      name);
      }
    }
  }

  /// The schema of the request's body, or nullptr if it has none or a wrong one.
  const Schema* read_body(const Node& operation, const Message& message, Route& route) {
    const Node* given = operation.find("requestBody");
    const Node* body = given == nullptr ? nullptr : resolve(*given);
    if (body == nullptr) return nullptr;
    route.has_body = true;
    check_keys(*body, "a request body", {"description", "required", "content"}, problems_);
    if (route.method == "GET" || route.method == "DELETE") {
      problems_.add(body->place, "a {} carries no body; use parameters", route.method);
    }
    const Node* required = body->find("required");
    if (required == nullptr || required->as_boolean() != std::optional{true}) {
      problems_.add(body->place,
                    "the body is not 'required: true', but its members fill the message; write it");
    }
    const Node* schema = json_schema_of(*body, "a request body");
    const SchemaPtr read = schema == nullptr ? nullptr : schemas_.read(*schema, message.name + "Body");
    if (read == nullptr) return nullptr;
    if (read->shape != Shape::object) {
      problems_.add(schema->place,
                    "the schema of a request body is an object, whose members fill those of the message");
      return nullptr;
    }
    if (read != message.schema) check_body(*read, message);
    return read.get();
  }

  /// The schema of 'content: {application/json: {schema: …}}'.
  const Node* json_schema_of(const Node& owner, std::string_view what) {
    const Node* content = need(owner, "content", what, problems_);
    const Node* media = content == nullptr ? nullptr : content->find("application/json");
    if (content != nullptr && (media == nullptr || content->members.size() != 1)) {
      problems_.add(content->place, "the content of {} is 'application/json' and nothing else", what);
      return nullptr;
    }
    if (media == nullptr) return nullptr;
    check_keys(*media, "a media type", {"schema", "example", "examples"}, problems_);
    return need(*media, "schema", "the content", problems_);
  }

  void check_body(const Schema& body, const Message& message) {
    for (const Property& property : body.properties) {
      const Property* member = message.schema->find(property.name);
      if (member == nullptr) {
        problems_.add(property.place, "'{}' of the body fills no member of {}; remove it, or add the member",
                      property.name, message.name);
        continue;
      }
      if (property.schema == nullptr || member->schema == nullptr) continue;
      const std::string wrong = difference(*property.schema, *member->schema);
      if (!wrong.empty()) {
        problems_.add(property.place,
                      "'{}' of the body has {}, but fills a member of {}; make the schemas agree",
                      property.name, wrong, message.name);
      }
      if (property.is_required && !member->is_required) {
        problems_.add(property.place,
                      "the body requires '{}', but {} does not, so nothing would check it; make them agree",
                      property.name, message.name);
      }
    }
  }

  /// Each member of the message comes from one place, and the required ones come always.
  void check_coverage(const Node& node, const Message& message, const Schema* body, const Route& route) {
    for (const Property& member : message.schema->properties) {
      const auto parameter =
          std::find_if(route.parameters.begin(), route.parameters.end(),
                       [&](const Parameter& candidate) { return candidate.field == member.name; });
      const bool has_parameter = parameter != route.parameters.end();
      const Property* in_body = body == nullptr ? nullptr : body->find(member.name);
      if (has_parameter && in_body != nullptr) {
        problems_.add(
            node.place,
            "the member '{}' of {} is filled by a parameter and by the body; take it from one of them",
            member.name, message.name);
      }
      const bool comes_always =
          (has_parameter && parameter->is_required) || (in_body != nullptr && in_body->is_required);
      if (member.is_required && !comes_always) {
        problems_.add(node.place,
                      "the required member '{}' of {} is not covered: fill it by a required parameter or a "
                      "required member of the body",
                      member.name, message.name);
      }
    }
  }

  void read_responses(const Node& node, const Message& message, const Message& reply, Route& route) {
    const Node* responses = need(node, "responses", "the operation", problems_);
    if (responses == nullptr) return;
    std::vector<const Member*> good;
    for (const Member& response : responses->members) {
      if (response.name.starts_with('2')) good.push_back(&response);
    }
    if (good.size() != 1) {
      problems_.add(
          responses->place,
          "the operation has {} responses with a status 2xx; it needs exactly one, for the reply {}",
          good.size(), reply.name);
    } else {
      read_success(*good.front(), reply, route);
    }
    for (const std::string& name : message.refusals) {
      const Refusal& refusal = *contract_.find_refusal(name);
      if (responses->find(std::to_string(refusal.status)) == nullptr &&
          responses->find("default") == nullptr) {
        problems_.add(responses->place,
                      "{} may be refused with '{}', but there is no response {} and no 'default'; add one",
                      message.name, name, refusal.status);
      }
    }
  }

  void read_success(const Member& response, const Message& reply, Route& route) {
    static const std::map<std::string, int> known{{"200", 200}, {"201", 201}, {"202", 202}, {"204", 204}};
    const auto status = known.find(response.name);
    if (status == known.end()) {
      problems_.add(response.place, "the status {} is not one of 200, 201, 202 and 204", response.name);
      return;
    }
    route.success_status = status->second;
    const Node* node = resolve(response.value);
    if (node == nullptr) return;
    if (route.success_status == 204) {
      if (const Node* content = node->find("content"))
        problems_.add(content->place, "an answer with status 204 has no content; remove it");
      return;
    }
    const Node* schema = json_schema_of(*node, "the response");
    if (schema == nullptr) return;
    if (schemas_.read(*schema, reply.name) != reply.schema) {
      problems_.add(schema->place,
                    "the response is not the reply's schema; write $ref: '{}#/components/schemas/{}'",
                    contract_.asyncapi->file_name, reply.name);
    }
  }

  void read_reply_members(const Node& node, const Schema& reply, Route& route) {
    if (const Node* location = node.find("x-banyan-location")) {
      route.location = location->text;
      for (const std::string& name : names_in_template(location->text)) {
        check_reply_member(*location, reply, name, {Shape::uuid, Shape::integer}, true);
      }
    }
    if (const Node* version = node.find("x-banyan-version")) {
      route.version = version->text;
      check_reply_member(*version, reply, version->text, {Shape::integer}, true);
    }
    if (const Node* cursor = node.find("x-banyan-next-cursor")) {
      route.next_cursor = cursor->text;
      check_reply_member(*cursor, reply, cursor->text, {Shape::string}, false);
    }
  }

  // The response 304: the version is that of the whole answer.
  void read_unchanged(const Node& node, Route& route) {
    const Node* responses = node.find("responses");
    const Node* unchanged = responses == nullptr ? nullptr : responses->find("304");
    if (unchanged == nullptr) return;
    route.may_be_unchanged = true;
    if (route.method != "GET" || route.version.empty()) {
      problems_.add(unchanged->place, "only a GET with x-banyan-version is answered 304; remove it");
    }
  }

  void check_reply_member(const Node& node, const Schema& reply, const std::string& name,
                          std::set<Shape> shapes, bool must_be_required) {
    const Property* member = reply.find(name);
    if (member != nullptr && member->schema == nullptr) return;
    const bool fits = member != nullptr && shapes.contains(member->schema->shape) &&
                      (!must_be_required || !is_optional(*member));
    if (fits) return;
    std::vector<std::string_view> names;
    for (const Shape shape : shapes) names.push_back(to_string(shape));
    problems_.add(node.place, "'{}' must be a {}member of the reply {} of type {}", name,
                  must_be_required ? "required " : "", reply.name, fmt::join(names, " or "));
  }

  Contract& contract_;
  Problems& problems_;
  const Node& root_;
  SchemaReader schemas_;
  std::map<std::string, std::string> shapes_;
  std::set<std::string> operations_;
};

}  // namespace

void read_openapi(Contract& contract, Problems& problems) { OpenapiReader{contract, problems}.read(); }

}  // namespace banyan::contractc
