#include "connection.hpp"

#include <thread>

namespace shop::rest {

using banyan::Errc;
using banyan::Error;
using banyan::Result;

namespace {

Errc code_of(int status) {
  switch (status) {
    case 400:
      return Errc::invalid_argument;
    case 404:
      return Errc::not_found;
    case 409:
    case 412:
      return Errc::conflict;
    case 422:
      return Errc::rejected;
    case 429:
    case 503:
      return Errc::unavailable;
    case 504:
      return Errc::deadline_exceeded;
    default:
      return Errc::internal;
  }
}

Error to_error(const banyan::http::Response& response) {
  const auto problem = decode<Problem>(response.body);
  if (!problem.ok())
    return {code_of(response.status), "http." + std::to_string(response.status), response.body};
  std::string reason = problem.value().code;
  if (reason.starts_with("BNY-")) reason.erase(0, 4);
  return {code_of(response.status), reason, problem.value().detail};
}

// A connection to a port where nobody listens any more may even reach itself, and read its own request.
bool is_worth_another_attempt(const Error& error) {
  return error.code() == Errc::unavailable || error.code() == Errc::deadline_exceeded ||
         error.reason() == "http.bad_answer" || error.reason() == "idempotency.in_flight";
}

}  // namespace

Result<std::string> Shop::Connection::get(const std::string& path, const std::string& query) {
  return send({.method = "GET", .path = path, .query = query});
}

Result<std::string> Shop::Connection::post_text(const std::string& path, std::string body,
                                                const IdempotencyKey& key) {
  banyan::http::Request request{
      .method = "POST",
      .path = path,
      .headers = {{"Content-Type", "application/json"}, {"Idempotency-Key", key.value}},
      .body = std::move(body)};
  for (const auto& [name, value] : options_.headers) request.headers.add(name, value);
  return send(request);
}

Result<std::string> Shop::Connection::send(const banyan::http::Request& request) {
  for (int attempt = 1;; ++attempt) {
    auto response = send_once(request);
    if (response.ok() && response.value().status < 300) return std::move(response.value().body);
    const Error error = response.ok() ? to_error(response.value()) : response.error();
    if (attempt >= options_.attempts_max || !is_worth_another_attempt(error)) return error;
    std::this_thread::sleep_for(options_.retry_delay);
  }
}

Result<banyan::http::Response> Shop::Connection::send_once(const banyan::http::Request& request) {
  const Endpoint endpoint = where_();
  if (!client_ || port_ != endpoint.port) {
    client_.emplace(banyan::http::Client::Options{
        .address = endpoint.address, .port = endpoint.port, .answer_timeout = options_.answer_timeout});
    port_ = endpoint.port;
  }
  return client_->send(request);
}

}  // namespace shop::rest
