#include "problems.hpp"

#include <algorithm>
#include <cctype>

#include "banyan/json/writer.hpp"

namespace banyan::gateway {
namespace {

struct Kind {
  Errc code;
  int status;
  std::string_view title;
};

constexpr Kind kinds[] = {
    {Errc::invalid_argument, 400, "The request is wrong"},
    {Errc::not_found, 404, "Not found"},
    {Errc::conflict, 409, "Conflict"},
    {Errc::already_exists, 409, "Already exists"},
    {Errc::rejected, 422, "Refused"},
    {Errc::resource_exhausted, 503, "Too busy, or out of space"},
    {Errc::deadline_exceeded, 504, "Not answered in time"},
    {Errc::unavailable, 503, "Not available"},
    {Errc::data_loss, 500, "Stored data is damaged"},
    {Errc::internal, 500, "Internal error"},
};

const Kind& kind_of(Errc code) {
  return *std::find_if(std::begin(kinds), std::end(kinds),
                       [&](const Kind& kind) { return kind.code == code; });
}

// What a parser's limit was exceeded by is the request, not this server's resources.
int status_of(const Error& error, int by_kind) {
  if (error.reason() == "json.too_large") return 413;
  if (error.reason().starts_with("json.")) return 400;
  if (error.reason() == "idempotency.key_reused") return 422;
  return by_kind;
}

std::string to_slug(std::string_view reason) {
  std::string slug{reason};
  std::replace_if(
      slug.begin(), slug.end(), [](char c) { return c == '.' || c == '_' || c == ' '; }, '-');
  std::transform(slug.begin(), slug.end(), slug.begin(), [](unsigned char c) { return std::tolower(c); });
  return slug;
}

// The detail of a failure of ours may tell of paths and statements: that is for the log.
bool is_for_callers(const Error& error) {
  return error.code() != Errc::internal && error.code() != Errc::data_loss;
}

}  // namespace

http::Response to_response(const Problem& problem, std::string_view instance, std::string_view trace_id) {
  http::Response response{.status = problem.status,
                          .headers = {{"Content-Type", "application/problem+json"}}};
  json::Writer out{response.body};
  const auto member = [&](std::string_view name, std::string_view text) {
    if (text.empty()) return;
    out.name(name);
    out.string(text);
  };
  out.begin_object();
  member("type", "/problems/" + problem.slug);
  member("title", problem.title);
  out.name("status");
  out.integer(problem.status);
  member("detail", problem.detail);
  member("instance", instance);
  member("code", problem.code);
  member("trace_id", trace_id);
  if (!problem.errors.empty()) {
    out.name("errors");
    out.begin_array();
    for (const json::Violation& violation : problem.errors) {
      out.begin_object();
      member("detail", violation.detail);
      member("pointer", violation.pointer);
      out.end_object();
    }
    out.end_array();
  }
  out.end_object();
  if (problem.status == 503 || problem.status == 429) response.headers.add("Retry-After", "1");
  return response;
}

Problem http_problem(int status, std::string detail) {
  const std::string title{http::reason_phrase(status)};
  return {.status = status,
          .slug = to_slug(title),
          .title = title,
          .detail = std::move(detail),
          .code = "BNY-HTTP-" + std::to_string(status)};
}

Problem invalid_document(std::vector<json::Violation> errors) {
  return {.status = 400,
          .slug = "message-invalid",
          .title = "The request does not fit its schema",
          .detail = std::to_string(errors.size()) + (errors.size() == 1 ? " violation" : " violations"),
          .code = "BNY-message.invalid",
          .errors = std::move(errors)};
}

void Problems::add(const message::HttpBinding& binding) {
  for (const message::HttpRefusal& refusal : binding.refusals) refusals_.emplace(refusal.reason, &refusal);
}

Problem Problems::from(const Error& error) const {
  Problem problem{.slug = to_slug(error.reason()),
                  .detail = is_for_callers(error) ? error.detail() : std::string{},
                  .code = "BNY-" + error.reason()};
  if (const auto refusal = refusals_.find(error.reason()); refusal != refusals_.end()) {
    problem.status = refusal->second->status;
    problem.title = refusal->second->title;
  } else {
    const Kind& kind = kind_of(error.code());
    problem.status = status_of(error, kind.status);
    problem.title = kind.title;
  }
  return problem;
}

std::string Problems::explain(std::string_view slug) const {
  for (const auto& [reason, refusal] : refusals_) {
    if (to_slug(reason) == slug) {
      return std::string{reason} + "\n\n" + std::string{refusal->title} + "\n";
    }
  }
  return {};
}

}  // namespace banyan::gateway
