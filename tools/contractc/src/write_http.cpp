#include <fmt/format.h>

#include <algorithm>

#include "cpp.hpp"
#include "names.hpp"
#include "write.hpp"

namespace banyan::contractc {
namespace {

std::string stem(const Route& route) { return to_snake_case(route.operation); }

std::string json_type(const Schema& schema) {
  if (schema.shape == Shape::integer || schema.shape == Shape::number || schema.shape == Shape::boolean) {
    return std::string{to_string(schema.shape)};
  }
  return "string";
}

std::string write_parameters(const Route& route) {
  std::string out = fmt::format("constexpr HttpParameter {}_parameters[] = {{\n", stem(route));
  for (const Parameter& parameter : route.parameters) {
    out += fmt::format("    {{{}, In::{}, Type::{}, \"{}\", {}}},\n", quoted(parameter.name), parameter.in,
                       json_type(*parameter.schema), parameter.field, parameter.is_required);
  }
  return out + "};\n\n";
}

/// "/v1/orders/{order_id}" as an expression over the members of `reply`.
std::string location_expression(const Route& route, const Schema& reply) {
  std::string out;
  std::string_view rest = route.location;
  while (!rest.empty()) {
    const std::size_t open = std::min(rest.find('{'), rest.size());
    if (open > 0)
      out += (out.empty() ? "std::string{" + quoted(rest.substr(0, open)) + "}"
                          : " + " + quoted(rest.substr(0, open)));
    rest.remove_prefix(open);
    if (rest.empty()) break;
    const std::size_t close = rest.find('}');
    const std::string member{rest.substr(1, close - 1)};
    const bool is_integer = reply.find(member)->schema->shape == Shape::integer;
    out += fmt::format(" + {}(answer.{})", is_integer ? "std::to_string" : "to_string", cpp_name(member));
    rest.remove_prefix(close + 1);
  }
  return out;
}

/// A function over the reply that HttpRoute points to.
std::string write_getter(const Route& route, const Message& reply, std::string_view suffix,
                         std::string_view type, const std::string& expression) {
  return fmt::format(
      "{} {}_{}(const void* reply) {{\n  const auto& answer = *static_cast<const {}*>(reply);\n  return "
      "{};\n}}\n\n",
      type, stem(route), suffix, reply.name, expression);
}

std::string write_getters(const Contract& contract, const Route& route) {
  const Message& reply = *contract.find_message(contract.find_message(route.message)->reply);
  std::string out;
  if (!route.location.empty()) {
    out += write_getter(route, reply, "location", "std::string", location_expression(route, *reply.schema));
  }
  if (!route.version.empty())
    out += write_getter(route, reply, "version", "std::int64_t", "answer." + cpp_name(route.version));
  if (!route.next_cursor.empty()) {
    const bool may_miss = is_optional(*reply.schema->find(route.next_cursor));
    out += write_getter(
        route, reply, "next_cursor", "std::string",
        fmt::format("answer.{}{}", cpp_name(route.next_cursor), may_miss ? ".value_or(std::string{})" : ""));
  }
  return out;
}

std::string write_route(const Route& route) {
  const auto function = [&](const std::string& source, std::string_view suffix) {
    return source.empty() ? std::string{"nullptr"} : fmt::format("{}_{}", stem(route), suffix);
  };
  std::string out = fmt::format("    {{.method = \"{}\",\n     .path = {},\n     .operation = \"{}\",\n",
                                route.method, quoted(route.path), route.operation);
  out += fmt::format("     .message = &{}::descriptor(),\n", route.message);
  out +=
      fmt::format("     .parameters = {},\n", route.parameters.empty() ? "{}" : stem(route) + "_parameters");
  out += fmt::format("     .has_body = {},\n     .needs_idempotency_key = {},\n     .success_status = {},\n",
                     route.has_body, route.needs_idempotency_key, route.success_status);
  out += fmt::format(
      "     .location = {},\n     .version = {},\n     .next_cursor = {},\n"
      "     .may_be_unchanged = {}}},\n",
      function(route.location, "location"), function(route.version, "version"),
      function(route.next_cursor, "next_cursor"), route.may_be_unchanged);
  return out;
}

std::string write_refusals(const Contract& contract) {
  if (contract.refusals.empty()) return "";
  std::string out = "constexpr HttpRefusal refusals[] = {\n";
  for (const Refusal& refusal : contract.refusals) {
    out += fmt::format("    {{\"{}.{}\", {}, {}}},\n", contract.module, refusal.name, refusal.status,
                       quoted(refusal.title));
  }
  return out + "};\n\n";
}

std::string write_binding(const Contract& contract) {
  std::string out = "const HttpBinding& http() {\n";
  if (!contract.routes.empty()) {
    out += "  static const HttpRoute routes[] = {\n";
    for (const Route& route : contract.routes) out += write_route(route);
    out += "  };\n";
  }
  out += fmt::format(
      "  static const HttpBinding binding{{\n      .module = \"{}\",\n      .routes = {},\n      .refusals = "
      "{},\n"
      "      .openapi_json = openapi_json,\n  }};\n  return binding;\n}}\n",
      contract.module, contract.routes.empty() ? "{}" : "routes",
      contract.refusals.empty() ? "{}" : "refusals");
  return out;
}

}  // namespace

std::string write_http_header(const Contract& contract) {
  return banner(contract) +
         fmt::format(
             "#pragma once\n#include \"banyan/message/http_binding.hpp\"\n\nnamespace shop::{0} {{\n\n"
             "/// The module's HTTP surface, for the gateway.\n"
             "const banyan::message::HttpBinding& http();\n\n}}  // namespace shop::{0}\n",
             contract.module);
}

std::string write_http_source(const Contract& contract) {
  std::string out = banner(contract);
  out += fmt::format(
      "#include \"shop/{0}/http.hpp\"\n\n#include \"shop/{0}/messages.hpp\"\n\nnamespace shop::{0} "
      "{{\nnamespace {{\n\n",
      contract.module);
  out +=
      "using banyan::message::HttpBinding;\nusing banyan::message::HttpParameter;\nusing "
      "banyan::message::HttpRefusal;\n"
      "using banyan::message::HttpRoute;\n"
      "using In = HttpParameter::In;\nusing Type = HttpParameter::Type;\n\n";
  for (const Route& route : contract.routes) {
    if (!route.parameters.empty()) out += write_parameters(route);
    out += write_getters(contract, route);
  }
  out += write_refusals(contract);
  const std::string document = contract.openapi == nullptr ? "" : to_json(to_standalone_openapi(contract));
  out += fmt::format("constexpr std::string_view openapi_json = {};\n\n}}  // namespace\n\n",
                     raw_literal(document));
  return out + write_binding(contract) + fmt::format("\n}}  // namespace shop::{}\n", contract.module);
}

}  // namespace banyan::contractc
