#pragma once
#include <chrono>
#include <map>
#include <string>
#include <string_view>

#include "banyan/http/message.hpp"
#include "banyan/json/decode.hpp"
#include "banyan/message/http_binding.hpp"

namespace banyan::gateway {

/// The description of one failed request.
struct Problem {
  int status = 500;
  std::string slug = {};  ///< /problems/<slug>
  std::string title = {};
  std::string detail = {};
  std::string code = {};  ///< "BNY-…"
  std::vector<json::Violation> errors = {};
  std::chrono::seconds retry_after{1};  ///< Where the status asks for it.
  bool is_ours = false;                 ///< No caller can do anything about it: it is for the log.
};

/// RFC 9457. `instance` is the request's target, `trace_id` where to look for more.
http::Response to_response(const Problem& problem, std::string_view instance, std::string_view trace_id);

/// A problem of HTTP itself: 404 without a route, 405, 415, 428 …
Problem http_problem(int status, std::string detail);
Problem invalid_document(std::vector<json::Violation> errors);

/// How errors look from outside. Every kind of problem that the gateway tells of is in here, with a page.
class Problems {
 public:
  Problems();
  void add(const message::HttpBinding& binding);

  /// A refusal as its contract says, what the runtime says to callers by its reason, anything else by its
  /// code.
  Problem from(const Error& error) const;
  /// The page behind a problem's type; empty for an unknown slug.
  std::string explain(std::string_view slug) const;

 private:
  void add(std::string_view reason, int status, std::string_view title);

  std::map<std::string, Problem, std::less<>> kinds_;  // by slug
};

}  // namespace banyan::gateway
