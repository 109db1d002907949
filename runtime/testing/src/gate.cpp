#include "gate.hpp"

#include <utility>

#include "passage.hpp"

namespace banyan::testing {

void Gate::open(message::Endpoint& to) {
  to_ = &to;
  calls_ = std::make_shared<Calls>();
}

void Gate::cut() {
  to_ = nullptr;
  calls_->are_cut = true;
  calls_->under_way = 0;
}

void Gate::submit(message::Request request) {
  if (to_ == nullptr) {
    return request.reply(Error{Errc::unavailable, "testing.stopped", request.parcel->envelope.destination});
  }
  request.reply = guarded(std::move(request.reply));
  if (passage_ == Passage::encoded) request.parcel = through_bytes(*request.parcel, registry_);
  ++calls_->under_way;
  to_->submit(std::move(request));
}

message::ReplyHandler Gate::guarded(message::ReplyHandler reply) const {
  auto give = [calls = calls_, reply = std::move(reply)](message::Reply answer) {
    if (calls->are_cut) return;
    --calls->under_way;
    reply(std::move(answer));
  };
  if (passage_ == Passage::direct) return give;
  if (passage_ == Passage::encoded)
    return [give](const message::Reply& answer) { give(through_json(answer)); };
  return [give, callers = callers_](const message::Reply& answer) {
    callers.post([give, answer] { give(answer); });
  };
}

}  // namespace banyan::testing
