#include <fmt/format.h>

#include <algorithm>

#include "write.hpp"

namespace banyan::contractc {
namespace {

std::string range(const std::string& low, const std::string& high) {
  if (low.empty() && high.empty()) return "";
  return fmt::format(" {}…{}", low, high);
}

std::string count(const std::optional<std::int64_t>& value) { return value ? std::to_string(*value) : ""; }

/// In as many backquotes as it takes.
std::string code(std::string_view text) {
  std::string mark = "`";
  while (text.find(mark) != std::string_view::npos) mark += '`';
  const std::string_view gap = mark.size() > 1 ? " " : "";
  return fmt::format("{0}{1}{2}{1}{0}", mark, gap, text);
}

/// "string 1…200", "list of OrderLine 1…100".
std::string type_text(const Schema& schema) {
  switch (schema.shape) {
    case Shape::object:
    case Shape::enumeration:
      return schema.name;
    case Shape::array:
      return fmt::format("list of {}{}", type_text(*schema.items),
                         range(count(schema.min_items), count(schema.max_items)));
    case Shape::string:
    case Shape::email:
    case Shape::uri: {
      const std::string pattern = schema.pattern.empty() ? "" : " " + code(schema.pattern);
      return fmt::format("{}{}{}", to_string(schema.shape),
                         range(count(schema.min_length), count(schema.max_length)), pattern);
    }
    case Shape::integer:
      return "integer" + range(schema.minimum, schema.maximum);
    case Shape::number:
      return "number" + range(schema.minimum.empty() ? schema.exclusive_minimum : schema.minimum,
                              schema.maximum.empty() ? schema.exclusive_maximum : schema.maximum);
    default:
      return std::string{to_string(schema.shape)};
  }
}

/// In a cell of a table.
std::string cell(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2) text.insert(at, "\\");
  return text;
}

std::string join(const std::vector<std::string>& items) { return fmt::format("{}", fmt::join(items, ", ")); }

/// The modules that name this message among those that they use.
std::vector<std::string> users_of(std::span<const Contract> contracts, const Contract& owner,
                                  const Message& message) {
  std::vector<std::string> names;
  for (const Contract& contract : contracts) {
    const bool uses = std::any_of(contract.uses.begin(), contract.uses.end(), [&](const Use& use) {
      return use.module == owner.module && use.message == message.name;
    });
    if (uses) names.push_back(contract.module);
  }
  return names;
}

std::vector<std::string> senders_of(std::span<const Contract> contracts, const Contract& owner,
                                    const Message& message) {
  if (message.kind == Kind::event || message.kind == Kind::domain || message.kind == Kind::reply)
    return {owner.module};
  std::vector<std::string> senders = users_of(contracts, owner, message);
  for (const Route& route : owner.routes) {
    if (route.message == message.name) senders.push_back(fmt::format("`{} {}`", route.method, route.path));
  }
  if (senders.empty()) senders.push_back(owner.module);
  return senders;
}

std::vector<std::string> receivers_of(std::span<const Contract> contracts, const Contract& owner,
                                      const Message& message) {
  if (message.kind == Kind::event) return users_of(contracts, owner, message);
  if (message.kind == Kind::reply) return {};
  return {owner.module};
}

std::string write_overview(std::span<const Contract> contracts) {
  std::string out = "| message | kind | owner | key | sent by | received by |\n|---|---|---|---|---|---|\n";
  for (const Contract& contract : contracts) {
    for (const Message& message : contract.messages) {
      if (message.kind == Kind::reply) continue;
      out += fmt::format("| {} | {} | {} | {} | {} | {} |\n", message.type, to_string(message.kind),
                         contract.module, message.key, join(senders_of(contracts, contract, message)),
                         join(receivers_of(contracts, contract, message)));
    }
  }
  return out;
}

std::string write_members(const Schema& schema) {
  if (schema.properties.empty()) return "No members.\n";
  std::string out = "| member | type | | meaning |\n|---|---|---|---|\n";
  for (const Property& property : schema.properties) {
    std::string presence = property.is_required ? "required" : "optional";
    if (property.schema->is_nullable) presence += ", may be null";
    if (!property.schema->default_value.empty())
      presence = fmt::format("default {}", property.schema->default_value);
    out += fmt::format("| {} | {} | {} | {} |\n", property.name, cell(type_text(*property.schema)),
                       cell(presence), cell(property.description));
  }
  return out;
}

std::string write_message(const Contract& contract, const Message& message) {
  std::string out = fmt::format("### {}\n\n{}\n", message.name, message.schema->description);
  out += fmt::format("`{}`, {}{}.", message.type, to_string(message.kind),
                     message.key.empty() ? "" : ", key `" + message.key + "`");
  if (!message.reply.empty()) out += fmt::format(" Answered by {}.", message.reply);
  if (!message.refusals.empty()) {
    std::vector<std::string> reasons;
    for (const std::string& refusal : message.refusals)
      reasons.push_back(fmt::format("`{}.{}`", contract.module, refusal));
    out += fmt::format(" Refused with {}.", join(reasons));
  }
  return out + "\n\n" + write_members(*message.schema) + "\n";
}

std::string write_part(const Schema& schema) {
  const std::string head =
      fmt::format("### {}\n\n{}", schema.name, schema.description.empty() ? "" : schema.description + "\n\n");
  if (schema.shape != Shape::enumeration) return head + write_members(schema) + "\n";
  return head + fmt::format("One of {}.\n\n", join(schema.values));
}

std::string write_module(const Contract& contract) {
  std::string out = fmt::format("## {}\n\n{}\n\n", contract.module, contract.description);
  for (const Message& message : contract.messages) out += write_message(contract, message);
  for (const SchemaPtr& type : contract.types) {
    if (contract.find_message(type->name) == nullptr) out += write_part(*type);
  }
  return out;
}

}  // namespace

std::string write_catalogue(std::span<const Contract> contracts) {
  std::string out =
      "# Message catalogue\n\nWhat the modules' contracts declare. Replies are left out of this table.\n\n";
  out += write_overview(contracts);
  for (const Contract& contract : contracts) out += "\n" + write_module(contract);
  while (out.ends_with("\n\n")) out.pop_back();
  return out;
}

}  // namespace banyan::contractc
