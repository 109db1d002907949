#pragma once
#include <memory>
#include <string_view>
#include <utility>

#include "banyan/http/message.hpp"

namespace banyan::http {

/// Where the answer to one request goes. The server has its own; a test of a handler brings another.
/// Threads: safe.
class AnswerSink {
 public:
  /// Called when the last Responder is gone: an unanswered request is answered by 500 here.
  virtual ~AnswerSink() = default;
  /// Takes the first answer; later ones have no effect.
  virtual void answer(Response response) noexcept = 0;
};

/// The right to answer one request, once. Copies answer the same request: the first answer counts, and when
/// the last copy goes without one, the server answers 500. Answering a request whose connection, or server,
/// is gone has no effect. Threads: any thread may answer; answers that come from the thread of the request
/// (inside on_request) cost least.
class Responder {
 public:
  explicit Responder(std::shared_ptr<AnswerSink> sink) noexcept : sink_(std::move(sink)) {}
  void operator()(Response response) const noexcept { sink_->answer(std::move(response)); }

 private:
  std::shared_ptr<AnswerSink> sink_;
};

/// The application behind a server. Lifetime: outlives the server.
/// Threads: called by all of the server's I/O threads at once; must not block any of them.
class Handler {
 public:
  virtual ~Handler() = default;

  /// A complete, well-formed request. May answer at once or later; requests of one connection may be answered
  /// in any order, the server sends the answers in theirs. An exception is answered by 500.
  virtual void on_request(Request request, Responder respond) = 0;

  /// The answer to what never became a request, or has none: 400, 408, 413, 414, 417, 431, 501, 505 for what
  /// the peer sent, 500 for a handler that failed or gave no valid answer, 504 for one that gave none in
  /// time, 503 for a connection too many. `reason` says what was wrong, in plain words. The default is
  /// problem().
  virtual Response on_malformed(int status, std::string_view reason);
};

/// A problem document (RFC 9457) with `type`, `title`, `status`, `detail` and `code`, which is
/// "BNY-HTTP-<status>", or "BNY-<reason>" where there is a reason.
Response problem(int status, std::string_view detail, std::string_view reason = {});

}  // namespace banyan::http
