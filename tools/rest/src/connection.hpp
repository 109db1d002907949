#pragma once
#include <functional>
#include <iterator>
#include <optional>
#include <string>

#include "banyan/http/client.hpp"
#include "banyan/http/uri.hpp"
#include "banyan/json/parse.hpp"
#include "json.hpp"
#include "shop/rest/shop.hpp"

namespace shop::rest {

/// The document of an answer as a T. Errors: data_loss "rest.bad_answer".
template <class T>
banyan::Result<T> decode(const std::string& body) {
  constexpr banyan::json::ParseLimits limits{.bytes_max = 16 << 20, .elements_max = 1'000'000};
  const auto document = banyan::json::parse(body, limits);
  if (!document.ok()) {
    return banyan::Error{banyan::Errc::data_loss, "rest.bad_answer", document.error().detail()};
  }
  T value{};
  banyan::json::Violations violations;
  read(banyan::json::Input{document.value(), banyan::json::Path{}, violations}, value);
  if (violations.empty()) return value;
  const auto& first = violations.all().front();
  return banyan::Error{banyan::Errc::data_loss, "rest.bad_answer", first.pointer + " " + first.detail};
}

/// One connection to wherever the server is, and what is tried again over it.
class Shop::Connection {
 public:
  Connection(std::function<Endpoint()> where, Options options)
      : where_(std::move(where)), options_(options) {}

  /// The body of a 2xx answer.
  banyan::Result<std::string> get(const std::string& path, const std::string& query = {});
  template <class T>
  banyan::Result<std::string> post(const std::string& path, const T& content, const IdempotencyKey& key) {
    std::string body;
    banyan::json::Writer out{body};
    write(out, content);
    return post_text(path, std::move(body), key);
  }
  template <class T>
  banyan::Result<T> read_one(const std::string& path) {
    const auto body = get(path);
    if (!body.ok()) return body.error();
    return decode<T>(body.value());
  }
  /// Every page of a list; `filter` is a query.
  template <class T>
  banyan::Result<std::vector<T>> read_all(const std::string& path, const std::string& filter = {}) {
    const std::string first = "limit=100" + (filter.empty() ? "" : "&" + filter);
    std::vector<T> items;
    for (std::string query = first;;) {
      const auto body = get(path, query);
      if (!body.ok()) return body.error();
      auto page = decode<Page<T>>(body.value());
      if (!page.ok()) return page.error();
      std::move(page.value().items.begin(), page.value().items.end(), std::back_inserter(items));
      if (!page.value().next_cursor) return items;
      query = first + "&cursor=" + banyan::http::percent_encode(*page.value().next_cursor);
    }
  }
  /// One attempt, whatever the status.
  banyan::Result<banyan::http::Response> send_once(const banyan::http::Request& request);

 private:
  banyan::Result<std::string> post_text(const std::string& path, std::string body, const IdempotencyKey& key);
  banyan::Result<std::string> send(const banyan::http::Request& request);

  std::function<Endpoint()> where_;
  Options options_;
  std::optional<banyan::http::Client> client_;
  std::uint16_t port_ = 0;  ///< Where client_ goes.
};

}  // namespace shop::rest
