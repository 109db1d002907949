#pragma once
#include <utility>

#include "banyan/message/endpoint.hpp"

namespace banyan::module {

/// A request that is sure to be answered: if it is dropped on its way, a full mailbox or the shutdown answers
/// for it.
class Ask {
 public:
  explicit Ask(message::Request request) : request_(std::move(request)) {}
  Ask(Ask&& other) noexcept : request_(std::move(other.request_)) { other.request_.reply = nullptr; }
  Ask& operator=(Ask&&) = delete;
  ~Ask() {
    if (request_.reply)
      request_.reply(Error{Errc::resource_exhausted, "module.not_taken", "busy or closing"});
  }

  const message::Parcel& parcel() const { return *request_.parcel; }
  const std::optional<message::Idempotency>& idempotency() const { return request_.idempotency; }

  void answer(message::Reply reply) { take_reply()(std::move(reply)); }
  /// For an answer that has to wait.
  message::ReplyHandler take_reply() { return std::exchange(request_.reply, nullptr); }

 private:
  message::Request request_;
};

}  // namespace banyan::module
