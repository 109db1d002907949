#pragma once
#include <condition_variable>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "banyan/http/handler.hpp"

namespace banyan::http::testing {

/// Does what the path says: "/held…" is answered when the test says so, "/dropped" never, "/throws" throws,
/// "/large" has eight MiB, and anything else comes back as a line of method, path, query, body.
class ScriptedHandler final : public Handler {
 public:
  void on_request(Request request, Responder respond) override {
    if (request.path == "/throws") throw std::runtime_error("as asked");
    if (request.path == "/dropped") return;
    if (request.path == "/large") return respond({.body = std::string(large_bytes, 'x')});
    if (request.path == "/split") return respond({.headers = {{"X-A", "1\r\nX-B: 2"}}});
    if (request.path == "/nothing") return respond({.status = 204, .body = "not for the wire"});
    if (request.path == "/twice") respond(echo(request));
    if (!request.path.starts_with("/held")) return respond(echo(request));
    const std::lock_guard lock{mutex_};
    held_.emplace_back(std::move(request), std::move(respond));
    changed_.notify_all();
  }

  /// The requests held back, in the order they came; waits until there are `count`.
  std::vector<std::pair<Request, Responder>> take_held(std::size_t count) {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [&] { return held_.size() >= count; });
    return std::exchange(held_, {});
  }

  static Response echo(const Request& request) {
    return {.headers = {{"Content-Type", "text/plain"}},
            .body = request.method + " " + request.path + " " + request.query + " " + request.body};
  }

  static constexpr std::size_t large_bytes = std::size_t{8} * 1024 * 1024;

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::pair<Request, Responder>> held_;
};

}  // namespace banyan::http::testing
