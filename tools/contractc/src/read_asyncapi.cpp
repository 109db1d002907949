#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "keys.hpp"
#include "names.hpp"
#include "read_contract.hpp"
#include "schema.hpp"

namespace banyan::contractc {
namespace {

constexpr std::string_view messages_pointer = "#/components/messages/";
constexpr std::int64_t key_length_max = 512;
constexpr std::string_view schemas_pointer = "#/components/schemas/";

struct Channel {
  std::string_view name;
  Kind kind;
};
constexpr std::array channels{Channel{"commands", Kind::command}, Channel{"queries", Kind::query},
                              Channel{"events", Kind::event}, Channel{"domain", Kind::domain},
                              Channel{"replies", Kind::reply}};

std::string_view channel_of(Kind kind) {
  for (const Channel& channel : channels) {
    if (channel.kind == kind) return channel.name;
  }
  return "";
}

Kind used_kind(std::string_view channel) {
  if (channel == "commands") return Kind::command;
  return channel == "queries" ? Kind::query : Kind::event;
}

constexpr std::array error_codes{"invalid_argument", "not_found", "conflict", "already_exists", "rejected"};

bool is_answered(Kind kind) { return kind == Kind::command || kind == Kind::query; }

class AsyncapiReader {
 public:
  AsyncapiReader(Contract& contract, Problems& problems)
      : contract_(contract),
        problems_(problems),
        root_(contract.asyncapi->root),
        schemas_(*contract.asyncapi, problems) {}

  void read() {
    read_head();
    read_schemas();
    read_channels();
    read_messages();
    read_operations();
    check_answers();
    check_type_names();
    read_uses();
  }

 private:
  void read_head() {
    check_keys(root_, "an AsyncAPI document",
               {"asyncapi", "id", "info", "servers", "defaultContentType", "channels", "operations",
                "components", "x-banyan-uses"},
               problems_);
    if (const Node* version = need(root_, "asyncapi", "the document", problems_);
        version != nullptr && version->text != "3.0.0") {
      problems_.add(version->place, "AsyncAPI '{}' is not read here; write 3.0.0", version->text);
    }
    const Node* info = need(root_, "info", "the document", problems_);
    if (info == nullptr) return;
    contract_.description = text_of(*info, "description");
    if (text_of(*info, "title") != contract_.module) {
      problems_.add(info->place,
                    "info.title is '{}', but the file belongs to module '{}'; write the module's name",
                    text_of(*info, "title"), contract_.module);
    }
  }

  void read_schemas() {
    const Node* schemas = root_.at_pointer("/components/schemas");
    if (schemas == nullptr) return;
    for (const Member& member : schemas->members)
      contract_.schemas[member.name] = schemas_.component(member.name);
    for (const SchemaPtr& schema : schemas_.types()) {
      if (schema->shape == Shape::object) contract_.objects.push_back(schema);
      if (schema->is_generated_type()) contract_.types.push_back(schema);
    }
  }

  void read_channels() {
    const Node* all = need(root_, "channels", "the document", problems_);
    if (all == nullptr) return;
    for (const Member& member : all->members) {
      const auto known = std::find_if(channels.begin(), channels.end(),
                                      [&](const Channel& c) { return c.name == member.name; });
      if (known == channels.end()) {
        problems_.add(member.place,
                      "unknown channel '{}': the kinds of messages are commands, queries, events, domain "
                      "and replies",
                      member.name);
        continue;
      }
      read_channel(member, known->kind);
    }
  }

  void read_channel(const Member& channel, Kind kind) {
    check_keys(channel.value, "a channel", {"address", "title", "summary", "description", "messages"},
               problems_);
    const std::string address = contract_.module + "." + channel.name;
    if (text_of(channel.value, "address") != address) {
      problems_.add(channel.place,
                    "the channel's address is '{}', but subjects are built from '{}'; write that",
                    text_of(channel.value, "address"), address);
    }
    const Node* messages = need(channel.value, "messages", "the channel", problems_);
    if (messages == nullptr) return;
    for (const Member& message : messages->members) {
      const std::string target = name_behind_ref(message.value, messages_pointer);
      if (target != message.name) {
        problems_.add(message.place, "message '{0}' of a channel must be {{$ref: '{1}{0}'}}", message.name,
                      messages_pointer);
      } else if (root_.at_pointer("/components/messages/" + target) == nullptr) {
        problems_.add(message.place,
                      "$ref '{0}{1}' leads nowhere: there is no message '{1}'; add it or correct the name",
                      messages_pointer, target);
      } else if (!kinds_.emplace(message.name, kind).second) {
        problems_.add(message.place,
                      "'{}' lies in two channels, but a message has one kind; declare one message for each "
                      "role",
                      message.name);
      }
    }
  }

  void read_messages() {
    const Node* messages = root_.at_pointer("/components/messages");
    if (messages == nullptr) return;
    for (const Member& member : messages->members) read_message(member);
  }

  void read_message(const Member& member) {
    const Node& node = member.value;
    check_keys(node, "a message",
               {"name", "title", "summary", "description", "contentType", "examples", "tags", "x-banyan-key",
                "payload"},
               problems_);
    Message message;
    message.name = member.name;
    message.type = text_of(node, "name");
    message.key = text_of(node, "x-banyan-key");
    message.summary = text_of(node, "summary");
    message.place = member.place;
    const auto kind = kinds_.find(member.name);
    if (kind == kinds_.end()) {
      problems_.add(member.place, "'{}' lies in no channel, so it has no kind; add it to one, or remove it",
                    member.name);
    } else {
      message.kind = kind->second;
    }
    check_type(node, message);
    message.schema = payload_of(node, message);
    check_key(node, message);
    contract_.messages.push_back(std::move(message));
  }

  void check_type(const Node& node, const Message& message) {
    const Node* name = need(node, "name", fmt::format("message '{}'", message.name), problems_);
    if (name == nullptr) return;
    const std::string stem = fmt::format("{}.{}.v", contract_.module, to_snake_case(message.name));
    const std::string version = name->text.starts_with(stem) ? name->text.substr(stem.size()) : "";
    const bool is_number = !version.empty() && version.front() != '0' &&
                           version.find_first_not_of("0123456789") == std::string::npos;
    if (!is_number) {
      problems_.add(name->place,
                    "'{}' is no name for message '{}': readers find its owner and version in it; write "
                    "'{}1', or a later number",
                    name->text, message.name, stem);
    }
  }

  SchemaPtr payload_of(const Node& node, const Message& message) {
    const Node* payload = need(node, "payload", fmt::format("message '{}'", message.name), problems_);
    if (payload == nullptr) return nullptr;
    if (name_behind_ref(*payload, schemas_pointer) != message.name) {
      problems_.add(payload->place,
                    "the payload of '{0}' must be the schema of the same name, as each message has a C++ "
                    "type of its own: {{$ref: '{1}{0}'}}",
                    message.name, schemas_pointer);
      return nullptr;
    }
    SchemaPtr schema = schemas_.read(*payload, message.name);
    if (schema != nullptr && (schema->shape != Shape::object || schema->cpp_type != message.name)) {
      problems_.add(payload->place,
                    "the payload of '{}' must be an object of its own; write 'type: object' in its schema",
                    message.name);
      return nullptr;
    }
    if (schema != nullptr && schema->is_state) {
      problems_.add(payload->place, "'{}' is kept as a state and sent as a message; use two schemas",
                    message.name);
    }
    return schema;
  }

  void check_key(const Node& node, const Message& message) {
    const Node* key = node.find("x-banyan-key");
    if (key == nullptr || message.schema == nullptr) return;
    const Property* property = message.schema->find(message.key);
    if (property == nullptr) {
      problems_.add(key->place, "the key '{}' is no property of {}; add it, or name another", message.key,
                    message.name);
      return;
    }
    if (property->schema == nullptr) return;
    if (property->schema->max_length.value_or(0) > key_length_max) {
      problems_.add(key->place,
                    "the key '{}' may have {} characters, and a key travels as a header: {} is the most",
                    message.key, *property->schema->max_length, key_length_max);
    }
    const bool is_text = property->schema->shape == Shape::string || property->schema->shape == Shape::uuid;
    if (!is_text || !property->is_required || property->schema->is_nullable) {
      problems_.add(key->place,
                    "the key '{}' must be a required property of type string or format uuid, so that each "
                    "message has one",
                    message.key);
    }
  }

  Message* find(const std::string& name) {
    const auto found = std::find_if(contract_.messages.begin(), contract_.messages.end(),
                                    [&](const Message& candidate) { return candidate.name == name; });
    return found == contract_.messages.end() ? nullptr : &*found;
  }

  void read_operations() {
    const Node* operations = need(root_, "operations", "the document", problems_);
    if (operations == nullptr) return;
    for (const Member& member : operations->members) read_operation(member);
  }

  void read_operation(const Member& member) {
    const Node& node = member.value;
    check_keys(node, "an operation",
               {"action", "title", "summary", "description", "channel", "messages", "reply", "tags",
                "x-banyan-refusals"},
               problems_);
    Message* message = message_of_operation(member);
    if (message == nullptr) return;
    if (message->summary.empty()) message->summary = text_of(node, "summary");
    const std::string action =
        message->kind == Kind::event || message->kind == Kind::domain ? "send" : "receive";
    if (text_of(node, "action") != action) {
      problems_.add(node.place, "the module has the action '{1}' for a message of kind {0}; write that",
                    to_string(message->kind), action);
    }
    if (is_answered(message->kind)) {
      read_reply(member, *message);
      read_refusals(node, *message);
    } else if (const Node* reply = node.find("reply")) {
      problems_.add(reply->place, "only commands and queries are answered; remove the reply");
    }
  }

  /// The one message in `messages`, checked against the operation's name and channel.
  Message* message_of_operation(const Member& member) {
    const Node* messages =
        need(member.value, "messages", fmt::format("operation '{}'", member.name), problems_);
    if (messages == nullptr) return nullptr;
    const Node* channel = member.value.find("channel");
    const std::string channel_name = channel == nullptr ? "" : name_behind_ref(*channel, "#/channels/");
    Message* message = message_behind(*messages, channel_name);
    if (message == nullptr) {
      problems_.add(messages->place,
                    "operation '{}' must carry one message of its channel: [{{$ref: "
                    "'#/channels/<channel>/messages/<Message>'}}]",
                    member.name);
      return nullptr;
    }
    if (to_snake_case(message->name) != member.name) {
      problems_.add(member.place, "the operation for message '{}' is named '{}'", message->name,
                    to_snake_case(message->name));
    }
    if (!operated_.insert(message->name).second) {
      problems_.add(member.place, "'{}' has an operation already; remove one", message->name);
    }
    return message;
  }

  Message* message_behind(const Node& messages, const std::string& channel_name) {
    if (messages.items.size() != 1) return nullptr;
    Message* message =
        find(name_behind_ref(messages.items.front(), fmt::format("#/channels/{}/messages/", channel_name)));
    return message != nullptr && channel_of(message->kind) == channel_name ? message : nullptr;
  }

  void read_reply(const Member& member, Message& message) {
    const Node* reply = need(member.value, "reply", fmt::format("operation '{}'", member.name), problems_);
    if (reply == nullptr) return;
    check_keys(*reply, "a reply", {"channel", "messages"}, problems_);
    const Node* messages = reply->find("messages");
    const Message* answer = messages == nullptr ? nullptr : message_behind(*messages, "replies");
    if (answer == nullptr) {
      problems_.add(reply->place,
                    "the reply of '{}' must be one message of the channel 'replies': [{{$ref: "
                    "'#/channels/replies/messages/<Message>'}}]",
                    member.name);
      return;
    }
    message.reply = answer->name;
  }

  void read_refusals(const Node& node, Message& message) {
    const Node* refusals = node.find("x-banyan-refusals");
    if (refusals == nullptr) return;
    for (const Member& member : refusals->members) {
      const Refusal refusal = read_refusal(member);
      message.refusals.push_back(refusal.name);
      const Refusal* known = contract_.find_refusal(refusal.name);
      if (known == nullptr) {
        contract_.refusals.push_back(refusal);
      } else if (known->code != refusal.code || known->status != refusal.status ||
                 known->title != refusal.title) {
        problems_.add(member.place,
                      "the refusal '{}' has another title, code or status at line {}; a reason means one "
                      "thing, so make them equal or use another name",
                      refusal.name, known->place.line);
      }
    }
  }

  Refusal read_refusal(const Member& member) {
    check_keys(member.value, "a refusal", {"title", "code", "status", "description"}, problems_);
    Refusal refusal{member.name, text_of(member.value, "title"), "rejected", 422, member.place};
    if (!is_snake_name(member.name)) {
      problems_.add(member.place, "'{}' becomes the name of a C++ constant: write it in snake_case",
                    member.name);
    }
    if (refusal.title.empty())
      problems_.add(member.place, "the refusal '{}' has no 'title' for people; add it", member.name);
    if (const Node* code = member.value.find("code")) {
      refusal.code = code->text;
      if (std::find(error_codes.begin(), error_codes.end(), code->text) == error_codes.end()) {
        problems_.add(code->place, "unknown code '{}': a refusal is one of {}", code->text,
                      fmt::join(error_codes, ", "));
      }
    }
    if (const Node* status = member.value.find("status")) {
      const std::int64_t number = status->as_integer().value_or(0);
      if (400 <= number && number <= 499) {
        refusal.status = static_cast<int>(number);
      } else {
        problems_.add(
            status->place,
            "the status of a refusal is {}, but it is the caller who cannot have this; write one from "
            "400 to 499",
            status->text);
      }
    }
    return refusal;
  }

  void check_answers() {
    for (const Message& message : contract_.messages) {
      if (message.kind != Kind::reply && kinds_.contains(message.name) && !operated_.contains(message.name)) {
        problems_.add(message.place, "nothing tells what becomes of '{}'; add the operation '{}'",
                      message.name, to_snake_case(message.name));
      }
    }
  }

  void check_type_names() {
    std::map<std::string, const Schema*> seen;
    for (const SchemaPtr& schema : contract_.types) {
      const auto [other, is_new] = seen.emplace(schema->name, schema.get());
      if (is_new) continue;
      problems_.add(schema->place, "the C++ name '{}' is taken by the schema at line {}; rename one",
                    schema->name, other->second->place.line);
    }
    for (const std::string_view name : {"Client"}) {
      const auto found = seen.find(std::string{name});
      if (found == seen.end()) continue;
      problems_.add(found->second->place,
                    "the C++ name '{}' is taken by a generated class; rename the schema", name);
    }
  }

  void read_uses() {
    const Node* uses = root_.find("x-banyan-uses");
    if (uses == nullptr) return;
    check_keys(*uses, "x-banyan-uses", {"commands", "queries", "events"}, problems_);
    for (const Member& channel : uses->members) {
      for (const Member& module : channel.value.members) {
        if (module.name == contract_.module) {
          problems_.add(module.place, "a module uses its own messages without saying so here; remove them");
        }
        for (const Node& message : module.value.items) {
          contract_.uses.push_back({module.name, message.text, used_kind(channel.name), message.place});
        }
      }
    }
  }

  Contract& contract_;
  Problems& problems_;
  const Node& root_;
  SchemaReader schemas_;
  std::map<std::string, Kind> kinds_;
  std::set<std::string> operated_;
};

}  // namespace

void read_asyncapi(Contract& contract, Problems& problems) { AsyncapiReader{contract, problems}.read(); }

}  // namespace banyan::contractc
