#include "problems.hpp"

#include <algorithm>
#include <cctype>

#include "banyan/json/writer.hpp"

namespace banyan::gateway {
namespace {

struct Kind {
  Errc code;
  std::string_view title;
};

constexpr Kind kinds[] = {
    {Errc::invalid_argument, "The request is wrong"},
    {Errc::not_found, "Not found"},
    {Errc::conflict, "Conflict"},
    {Errc::already_exists, "Already exists"},
    {Errc::rejected, "Refused"},
    {Errc::resource_exhausted, "Too busy, or out of space"},
    {Errc::deadline_exceeded, "Not answered in time"},
    {Errc::unavailable, "Not available"},
    {Errc::data_loss, "Stored data is damaged"},
    {Errc::internal, "Internal error"},
};

/// The runtime's own reasons whose code says too little to a caller, or something else: what a parser's limit
/// was exceeded by is the request, not this server's resources.
struct KnownReason {
  std::string_view reason;
  int status;
  std::string_view title;
};

constexpr std::string_view in_flight_code = "BNY-idempotency.in_flight";

constexpr KnownReason broken_schema{"message.invalid", 400, "The request does not fit its schema"};

constexpr KnownReason known_reasons[] = {
    {"idempotency.in_flight", 409, "A request with this Idempotency-Key is under way"},
    {"idempotency.key_reused", 422, "The Idempotency-Key was used for another request"},
    {"json.duplicate_member", 400, "The body names a member twice"},
    {"json.number_range", 400, "The body has a number out of range"},
    {"json.syntax", 400, "The body is not JSON"},
    {"json.too_deep", 400, "The body is nested too deeply"},
    {"json.too_large", 413, "The body is too large"},
    {"json.too_many", 400, "The body has too many members"},
    {"message.expired", 504, "Not begun in time; nothing was done"},
    broken_schema,
    {"module.news_late", 503, "News of another module are late; nothing was done"},
    {"module.not_taken", 503, "Too busy; nothing was done"},
    {"remote.not_allowed", 502, "A module does not take this from the gateway; nothing was done"},
    {"resilience.full", 503, "Too many calls to a module under way; nothing was done"},
    {"resilience.open", 503, "A module has failed and is given time"},
    {"security.unauthenticated", 503, "A module did not believe who is calling; nothing was done"},
    {"store.full", 503, "Out of space; nothing was done"},
    {"store.log_full", 503, "Out of space for what is not yet in its place; nothing was done"},
    {"store.unreadable", 503, "The store can't be read now"},
    {"store.unwritable", 503, "The store can't be written now"},
};

/// The contracts allow so much of a text that a request may have made long.
constexpr std::size_t text_bytes_max = 2000;
constexpr std::size_t violation_bytes_max = 500;

std::string shortened(std::string_view text, std::size_t bytes_max) {
  constexpr std::string_view ellipsis = "…";
  if (text.size() <= bytes_max) return std::string{text};
  std::size_t end = bytes_max - ellipsis.size();
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;  // no half character
  return std::string{text.substr(0, end)}.append(ellipsis);
}

std::string to_slug(std::string_view reason) {
  std::string slug{reason};
  std::replace_if(
      slug.begin(), slug.end(), [](char c) { return c == '.' || c == '_' || c == ' '; }, '-');
  std::transform(slug.begin(), slug.end(), slug.begin(), [](unsigned char c) { return std::tolower(c); });
  return slug;
}

Problem kind_of_problem(std::string_view reason, int status, std::string_view title) {
  return {.status = status,
          .slug = to_slug(reason),
          .title = std::string{title},
          .code = "BNY-" + std::string{reason}};
}

// Also that a module refuses the gateway itself: whoever sent the request may be known and allowed.
bool is_ours(const Error& error) {
  return error.code() == Errc::internal || error.code() == Errc::data_loss ||
         error.reason() == "remote.not_allowed" || error.reason() == "security.unauthenticated";
}

// The detail of a failure of ours may tell of paths and statements: that is for the log.
bool is_for_callers(const Error& error) {
  if (is_ours(error)) return false;
  return !error.reason().starts_with("store.") || error.reason() == "store.full";
}

}  // namespace

http::Response to_response(const Problem& problem, std::string_view instance, std::string_view trace_id) {
  http::Response response{.status = problem.status,
                          .headers = {{"Content-Type", "application/problem+json"}}};
  json::Writer out{response.body};
  const auto member = [&](std::string_view name, std::string_view text,
                          std::size_t bytes_max = text_bytes_max) {
    if (text.empty()) return;
    out.name(name);
    out.string(shortened(text, bytes_max));
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
      member("detail", violation.detail, violation_bytes_max);
      member("pointer", violation.pointer, violation_bytes_max);
      out.end_object();
    }
    out.end_array();
  }
  out.end_object();
  if (problem.status == 503 || problem.status == 429 || problem.code == in_flight_code) {
    response.headers.add("Retry-After", std::to_string(problem.retry_after.count()));
  }
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
  Problem problem = kind_of_problem(broken_schema.reason, broken_schema.status, broken_schema.title);
  problem.detail = std::to_string(errors.size()) + (errors.size() == 1 ? " violation" : " violations");
  problem.errors = std::move(errors);
  return problem;
}

Problems::Problems() {
  for (const Kind& kind : kinds) add(to_string(kind.code), http::status_of(kind.code), kind.title);
  for (const KnownReason& known : known_reasons) add(known.reason, known.status, known.title);
  for (int status = 400; status < 600; ++status) {
    if (http::reason_phrase(status).empty()) continue;
    Problem problem = http_problem(status, {});
    kinds_.emplace(problem.slug, std::move(problem));
  }
}

void Problems::add(const message::HttpBinding& binding) {
  for (const message::HttpRefusal& refusal : binding.refusals) {
    add(refusal.reason, refusal.status, refusal.title);
  }
}

void Problems::add(std::string_view reason, int status, std::string_view title) {
  kinds_.emplace(to_slug(reason), kind_of_problem(reason, status, title));
}

Problem Problems::from(const Error& error) const {
  const auto known = kinds_.find(to_slug(error.reason()));
  Problem problem = known != kinds_.end() ? known->second : kinds_.at(to_slug(to_string(error.code())));
  problem.code = "BNY-" + error.reason();
  problem.is_ours = is_ours(error);
  if (is_for_callers(error)) problem.detail = error.detail();
  return problem;
}

std::string Problems::explain(std::string_view slug) const {
  const auto known = kinds_.find(slug);
  if (known == kinds_.end()) return {};
  return known->second.title + "\n\nHTTP status " + std::to_string(known->second.status) + "\n";
}

}  // namespace banyan::gateway
