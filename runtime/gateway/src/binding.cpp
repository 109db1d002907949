#include "binding.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "banyan/base/numbers.hpp"
#include "banyan/base/utf8.hpp"
#include "banyan/http/uri.hpp"
#include "banyan/json/parse.hpp"

namespace banyan::gateway {
namespace {

using message::HttpParameter;
using message::HttpRoute;

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(" \t"), text.size());
  return text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
}

bool is_json(std::string_view content_type) {
  return http::equals_ignoring_case(trimmed(content_type.substr(0, content_type.find(';'))),
                                    "application/json");
}

std::optional<double> parse_real(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::string to_etag(std::int64_t version) { return "\"v" + std::to_string(version) + '"'; }

// "v42" → 42: one of our strong entity tags, the only ones that can match.
std::optional<std::int64_t> version_of(std::string_view etag) {
  if (!etag.starts_with("\"v") || !etag.ends_with('"') || etag.size() < 4) return std::nullopt;
  const auto version = parse_number<std::int64_t>(etag.substr(2, etag.size() - 3));
  return version && to_etag(*version) == etag ? version : std::nullopt;
}

// Where a template names the path parameter, among all that it names.
std::size_t position_in(std::string_view path_template, std::string_view name) {
  const std::size_t place = path_template.find('{' + std::string{name} + '}');
  const auto before = path_template.substr(0, place);
  return static_cast<std::size_t>(std::count(before.begin(), before.end(), '{'));
}

// Text that is no number or boolean stays text: the schema then says what it should have been, and where.
json::Value to_value(HttpParameter::Type type, std::string text) {
  switch (type) {
    case HttpParameter::Type::integer:
      if (const auto value = parse_number<std::int64_t>(text)) return json::Value{*value};
      break;
    case HttpParameter::Type::number:
      if (const auto value = parse_real(text)) return json::Value{*value};
      break;
    case HttpParameter::Type::boolean:
      if (text == "true" || text == "false") return json::Value{text == "true"};
      break;
    case HttpParameter::Type::string:
      break;
  }
  return json::Value{std::move(text)};
}

/// Gathers the members that parameters fill, and what is wrong with them.
class Parameters {
 public:
  Parameters(const HttpRoute& route, const http::Request& request,
             const std::vector<std::string_view>& path_values)
      : route_(route), request_(request), path_values_(path_values) {}

  std::optional<Problem> fill(json::Object& document) {
    auto query = http::parse_query(request_.query);
    if (!query.ok()) return http_problem(400, query.error().detail());
    query_ = std::move(query).value();
    if (auto problem = unknown_or_repeated()) return problem;
    for (const HttpParameter& parameter : route_.parameters) {
      if (auto problem = take(parameter, document)) return problem;
    }
    return std::nullopt;
  }

 private:
  std::optional<Problem> take(const HttpParameter& parameter, json::Object& document) const {
    if (parameter.in == HttpParameter::In::header) return take_header(parameter, document);
    std::optional<std::string> text;
    if (parameter.in == HttpParameter::In::path) {
      auto decoded = http::percent_decode(path_values_[position_in(route_.path, parameter.name)]);
      if (!decoded.ok()) return http_problem(400, decoded.error().detail());
      text = std::move(decoded).value();
    } else {
      text = in_query(parameter);
    }
    if (text) document.emplace_back(parameter.field, to_value(parameter.type, *std::move(text)));
    return std::nullopt;
  }

  std::optional<Problem> take_header(const HttpParameter& parameter, json::Object& document) const {
    const std::string name{parameter.name};
    const auto values = request_.headers.all(name);
    const bool is_condition = http::equals_ignoring_case(name, "If-Match");
    if (values.empty() && is_condition && parameter.required) {
      return http_problem(428, "send If-Match with the ETag that you have read");
    }
    if (values.empty()) return std::nullopt;  // what is required is the schema's to say
    if (values.size() > 1) return http_problem(400, name + " is given twice");
    if (!is_utf8(values.front())) return http_problem(400, name + " is not UTF-8");
    if (!is_condition) {
      document.emplace_back(parameter.field, to_value(parameter.type, std::string{values.front()}));
    } else if (const auto version = version_of(values.front())) {
      document.emplace_back(parameter.field, json::Value{*version});
    } else {
      return http_problem(412, "If-Match is not one ETag of this resource");
    }
    return std::nullopt;
  }

  std::optional<Problem> unknown_or_repeated() const {
    for (const http::QueryParameter& given : query_) {
      const auto known = [&](const HttpParameter& parameter) {
        return parameter.in == HttpParameter::In::query && parameter.name == given.name;
      };
      if (std::none_of(route_.parameters.begin(), route_.parameters.end(), known)) {
        return http_problem(400, "unknown query parameter '" + given.name + "'");
      }
      const auto same = [&](const http::QueryParameter& other) { return other.name == given.name; };
      if (std::count_if(query_.begin(), query_.end(), same) > 1) {
        return http_problem(400, "query parameter '" + given.name + "' is given twice");
      }
    }
    return std::nullopt;
  }

  std::optional<std::string> in_query(const HttpParameter& parameter) const {
    for (const http::QueryParameter& given : query_) {
      if (given.name == parameter.name) return given.value;
    }
    return std::nullopt;
  }

  const HttpRoute& route_;
  const http::Request& request_;
  const std::vector<std::string_view>& path_values_;
  std::vector<http::QueryParameter> query_;
};

std::variant<json::Object, Problem> parse_body(const http::Request& request, const GatewayOptions& options,
                                               const Problems& problems) {
  const auto types = request.headers.all("Content-Type");
  if (types.size() != 1 || !is_json(types.front())) {
    return http_problem(415, "send Content-Type: application/json");
  }
  const std::string* encoding = request.headers.find("Content-Encoding");
  if (encoding != nullptr && !http::equals_ignoring_case(*encoding, "identity")) {
    return http_problem(415, "send the body as it is, without Content-Encoding");
  }
  auto body = json::parse(request.body, {.bytes_max = request.body.size(),
                                         .depth_max = options.json_depth_max,
                                         .elements_max = options.json_elements_max});
  if (!body.ok()) return problems.from(body.error());
  json::Object* members = body.value().if_a<json::Object>();
  if (members == nullptr) {
    return invalid_document({{"#", "must be an object, is " + std::string{body.value().type_name()}}});
  }
  return std::move(*members);
}

// The same request, one page on.
std::string next_page(const http::Request& request, std::string_view cursor) {
  std::string target = request.path + '?';
  const auto query = http::parse_query(request.query);
  for (const http::QueryParameter& parameter : query.value()) {
    if (parameter.name == "cursor") continue;
    target += http::percent_encode(parameter.name) + '=' + http::percent_encode(parameter.value) + '&';
  }
  return target + "cursor=" + http::percent_encode(cursor);
}

// If-None-Match is a list, and compares weakly: a proxy that compresses may have marked our tag so.
bool already_has(const http::Request& request, std::string_view etag) {
  for (std::string_view list : request.headers.all("If-None-Match")) {
    while (!list.empty()) {
      std::string_view known = trimmed(list.substr(0, list.find(',')));
      list.remove_prefix(std::min(list.find(','), list.size() - 1) + 1);
      if (known.starts_with("W/")) known.remove_prefix(2);
      if (known == etag || known == "*") return true;
    }
  }
  return false;
}

}  // namespace

std::variant<message::Payload, Problem> to_message(const HttpRoute& route, const http::Request& request,
                                                   const std::vector<std::string_view>& path_values,
                                                   const GatewayOptions& options, const Problems& problems) {
  json::Object members;
  if (route.has_body) {
    auto body = parse_body(request, options, problems);
    if (auto* problem = std::get_if<Problem>(&body)) return std::move(*problem);
    members = std::move(std::get<json::Object>(body));
    // The body must not repeat what a parameter says.
    for (const HttpParameter& parameter : route.parameters) {
      const auto same = [&](const auto& member) { return member.first == parameter.field; };
      if (std::any_of(members.begin(), members.end(), same)) {
        return invalid_document({{"#/" + std::string{parameter.field}, "is given outside the body"}});
      }
    }
  } else if (!request.body.empty()) {
    return http_problem(400, "this operation takes no body");
  }
  if (auto problem = Parameters{route, request, path_values}.fill(members)) return *std::move(problem);
  json::Violations violations;
  auto value = route.message->decode(json::Value{std::move(members)}, violations);
  if (value == nullptr) return invalid_document(violations.all());
  return message::Payload{*route.message, std::move(value)};
}

http::Response to_response(const HttpRoute& route, const http::Request& request,
                           const message::Payload& answer) {
  http::Response response{.status = route.success_status};
  if (route.version != nullptr) {
    const std::string etag = to_etag(route.version(answer.value()));
    response.headers.add("ETag", etag);
    if (route.may_be_unchanged && already_has(request, etag)) {
      response.status = 304;
      return response;
    }
  }
  if (route.location != nullptr) response.headers.add("Location", route.location(answer.value()));
  if (route.next_cursor != nullptr) {
    if (const std::string cursor = route.next_cursor(answer.value()); !cursor.empty()) {
      response.headers.add("Link", "<" + next_page(request, cursor) + ">; rel=\"next\"");
    }
  }
  if (route.success_status == 204) return response;
  response.headers.add("Content-Type", "application/json");
  answer.type().encode(answer.value(), response.body);
  return response;
}

}  // namespace banyan::gateway
