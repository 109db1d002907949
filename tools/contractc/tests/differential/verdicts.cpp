/// Writes one JSON object a line: first {"module", "components"} for a contract, then {"schema", "document",
/// "valid"} for each document that was made for one of its messages, with what the generated decoder says of
/// it.
#include <charconv>
#include <iostream>

#include "banyan/json/parse.hpp"
#include "banyan/json/writer.hpp"
#include "documents.hpp"
#include "shop/inventory/contract.hpp"
#include "shop/notifications/contract.hpp"
#include "shop/orders/contract.hpp"
#include "shop/payments/contract.hpp"
#include "shop/sample/contract.hpp"
#include "shop/shipping/contract.hpp"
#include "shop/users/contract.hpp"

namespace {

using namespace banyan;

struct Source {
  std::span<const message::Descriptor* const> messages;
  std::string_view asyncapi;
  int documents_per_message;
};

bool is_valid(const message::Descriptor& type, const std::string& text) {
  const auto document = json::parse(text);
  if (!document.ok()) return false;
  json::Violations violations;
  return type.decode(document.value(), violations) != nullptr;
}

/// Some whole numbers with a fraction of zero: integers all the same.
std::string with_fractions(std::string text) {
  for (std::size_t at = text.find(":1,"); at != std::string::npos; at = text.find(":1,", at + 1))
    text.insert(at + 2, ".0");
  return text;
}

void print(std::string_view schema, const std::string& document, bool valid) {
  std::string line;
  json::Writer out{line};
  out.begin_object();
  out.name("schema");
  out.string(schema);
  out.name("document");
  out.raw(document);
  out.name("valid");
  out.boolean(valid);
  out.end_object();
  std::cout << line << '\n';
}

void print_components(const json::Value& contract) {
  std::string line;
  json::Writer out{line};
  out.begin_object();
  out.name("components");
  out.value(*contract.find("components"));
  out.end_object();
  std::cout << line << '\n';
}

/// The name of the message's schema: that of the message whose `name` is the type.
std::string schema_of(const json::Value& contract, std::string_view type) {
  for (const auto& [name, message] : *contract.find("components")->find("messages")->if_a<json::Object>()) {
    if (*message.find("name")->if_a<std::string>() == type) return name;
  }
  return {};
}

void judge(const Source& source, std::uint64_t seed) {
  const json::Value contract = json::parse(source.asyncapi).value();
  print_components(contract);
  Documents documents{contract, seed};
  for (const message::Descriptor* type : source.messages) {
    const std::string name = schema_of(contract, type->type);
    const json::Value& schema = *contract.find("components")->find("schemas")->find(name);
    for (int i = 0; i < source.documents_per_message; ++i) {
      json::Value document = documents.make(schema);
      for (std::size_t faults = documents.pick(3); faults > 0; --faults) documents.spoil(document);
      std::string text = json::to_string(document);
      if (documents.pick(4) == 0) text = with_fractions(std::move(text));
      print(name, text, is_valid(*type, text));
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t seed = 1;
  if (argc > 1) std::from_chars(argv[1], argv[1] + std::string_view{argv[1]}.size(), seed);
  judge({shop::sample::messages(), shop::sample::asyncapi(), 1000}, seed);
  judge({shop::inventory::messages(), shop::inventory::asyncapi(), 50}, seed);
  judge({shop::notifications::messages(), shop::notifications::asyncapi(), 50}, seed);
  judge({shop::orders::messages(), shop::orders::asyncapi(), 50}, seed);
  judge({shop::payments::messages(), shop::payments::asyncapi(), 50}, seed);
  judge({shop::shipping::messages(), shop::shipping::asyncapi(), 50}, seed);
  judge({shop::users::messages(), shop::users::asyncapi(), 50}, seed);
}
