#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "banyan/json/value.hpp"
#include "banyan/nats/jetstream.hpp"

namespace banyan::nats {

/// The document of an answer of JetStream, or the error that it tells.
/// Errors: see jetstream.hpp.
Result<json::Value> parse_answer(std::string_view text);

/// The member at the path, or 0.
std::uint64_t count_at(const json::Value& value, std::string_view name);
std::uint64_t count_at(const json::Value& value, std::string_view outer, std::string_view inner);
std::string text_at(const json::Value& value, std::string_view name);

/// The subject "$JS.API." and `tokens`, with the names as they are. Errors: invalid_argument "nats.bad_name".
Result<Subject> api_subject(std::string_view verb, std::initializer_list<std::string_view> names);

/// Asks JetStream; `read` makes the result of the answer's document.
template <class T, class Read>
void ask(Connection& connection, const Result<Subject>& subject, Headers headers, std::string body,
         Duration timeout, Done<T> done, Read read) {
  if (!subject.ok()) {
    connection.call_on_loop([done = std::move(done), error = subject.error()] { done(error); });
    return;
  }
  const auto on_answer = [done = std::move(done), read](Result<Message> answer) {
    if (!answer.ok()) return done(answer.error());
    const auto document = parse_answer(answer.value().data);
    document.ok() ? done(read(document.value())) : done(document.error());
  };
  connection.request(subject.value(), std::move(headers), std::move(body), timeout, on_answer);
}

}  // namespace banyan::nats
