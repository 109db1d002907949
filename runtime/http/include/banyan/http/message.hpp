#pragma once
#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "banyan/base/error.hpp"

namespace banyan::http {

struct Header {
  std::string name;
  std::string value;
};

/// The fields of a message in the order they came; names compare without regard to case (ASCII).
class Headers {
 public:
  Headers() = default;
  Headers(std::initializer_list<Header> list) : list_(list) {}

  /// Appends, also when the name is there already.
  void add(std::string_view name, std::string_view value) {
    list_.push_back({std::string(name), std::string(value)});
  }
  /// Replaces every field of that name by this one.
  void set(std::string_view name, std::string_view value);
  /// The first value, or nullptr. Valid until the headers change.
  const std::string* find(std::string_view name) const noexcept;
  bool contains(std::string_view name) const noexcept { return find(name) != nullptr; }
  /// Every value of that name, in order. Valid until the headers change.
  std::vector<std::string_view> all(std::string_view name) const;

  void reserve(std::size_t count) { list_.reserve(count); }
  std::size_t size() const noexcept { return list_.size(); }
  bool empty() const noexcept { return list_.empty(); }
  auto begin() const noexcept { return list_.begin(); }
  auto end() const noexcept { return list_.end(); }

 private:
  std::vector<Header> list_;
};

struct Request {
  std::string method{};  ///< As received, "GET": methods are case-sensitive.
  std::string path{};    ///< Begins with '/' (or is "*"); percent-encoding kept as received.
  std::string query{};   ///< The text behind the first '?', still encoded.
  Headers headers{};
  std::string body{};    ///< Transfer coding removed.
  std::string remote{};  ///< The peer's address, without the port. Set by the server.
};

/// The server adds Date, Content-Length and, where needed, Connection; a handler gives none of them.
struct Response {
  int status = 200;
  Headers headers{};
  std::string body{};
};

/// "Not Found" for 404; empty for a status without a standard phrase.
std::string_view reason_phrase(int status) noexcept;

/// The status that a failure has, unless its reason is known to mean something else to an HTTP client.
int status_of(Errc code) noexcept;

/// True if the two are equal without regard to ASCII case.
bool equals_ignoring_case(std::string_view a, std::string_view b) noexcept;

}  // namespace banyan::http
