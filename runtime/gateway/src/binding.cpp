#include "binding.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "banyan/http/uri.hpp"
#include "banyan/json/parse.hpp"

namespace banyan::gateway {
namespace {

using message::HttpParameter;
using message::HttpRoute;

bool is_json(std::string_view content_type) {
  const std::string_view media_type = content_type.substr(0, content_type.find(';'));
  const std::size_t end = media_type.find_last_not_of(' ');
  return http::equals_ignoring_case(media_type.substr(0, end == media_type.npos ? 0 : end + 1),
                                    "application/json");
}

// "v42" → 42: our strong entity tags, the only ones that can match.
std::optional<std::string> version_of(std::string_view etag) {
  if (etag.size() < 4 || !etag.starts_with("\"v") || !etag.ends_with('"')) return std::nullopt;
  return std::string{etag.substr(2, etag.size() - 3)};
}

template <class Number>
std::optional<json::Value> number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return json::Value{value};
}

// Text that is no number or boolean stays text: the schema then says what it should have been, and where.
json::Value to_value(HttpParameter::Type type, std::string text) {
  switch (type) {
    case HttpParameter::Type::integer:
      if (auto value = number<std::int64_t>(text)) return *std::move(value);
      break;
    case HttpParameter::Type::number:
      if (auto value = number<double>(text)) return *std::move(value);
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
    std::size_t next_path_value = 0;
    for (const HttpParameter& parameter : route_.parameters) {
      std::optional<std::string> text;
      if (parameter.in == HttpParameter::In::path) {
        auto decoded = http::percent_decode(path_values_[next_path_value++]);
        if (!decoded.ok()) return http_problem(400, decoded.error().detail());
        text = std::move(decoded).value();
      } else {
        text = parameter.in == HttpParameter::In::query ? in_query(parameter) : in_header(parameter);
      }
      if (http::equals_ignoring_case(parameter.name, "If-Match")) {
        if (!text && parameter.required)
          return http_problem(428, "send If-Match with the ETag that you have read");
        if (text && !(text = version_of(*text)))
          return http_problem(412, "If-Match is no ETag of this resource");
      }
      if (text) document.emplace_back(parameter.field, to_value(parameter.type, *std::move(text)));
    }
    return std::nullopt;
  }

 private:
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

  std::optional<std::string> in_header(const HttpParameter& parameter) const {
    const std::string* value = request_.headers.find(parameter.name);
    return value == nullptr ? std::nullopt : std::optional{*value};
  }

  const HttpRoute& route_;
  const http::Request& request_;
  const std::vector<std::string_view>& path_values_;
  std::vector<http::QueryParameter> query_;
};

std::variant<json::Object, Problem> parse_body(const http::Request& request, const GatewayOptions& options,
                                               const Problems& problems) {
  const std::string* type = request.headers.find("Content-Type");
  if (type == nullptr || !is_json(*type)) return http_problem(415, "send Content-Type: application/json");
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

bool already_has(const http::Request& request, const std::string& etag) {
  const std::string* known = request.headers.find("If-None-Match");
  return known != nullptr && (*known == etag || *known == "*");
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
    // What a parameter says can't be said again in the body.
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
    const std::string etag = "\"v" + std::to_string(route.version(answer.value())) + '"';
    response.headers.add("ETag", etag);
    if (request.method == "GET" && already_has(request, etag)) {
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
