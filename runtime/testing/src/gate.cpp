#include "gate.hpp"

#include <utility>

#include "passage.hpp"

namespace banyan::testing {

void Gate::open(message::Endpoint& to) {
  to_ = &to;
  is_cut_ = std::make_shared<bool>(false);
}

void Gate::cut() {
  to_ = nullptr;
  *is_cut_ = true;
}

void Gate::submit(message::Request request) {
  if (to_ == nullptr) {
    return request.reply(Error{Errc::unavailable, "testing.stopped", request.parcel->envelope.destination});
  }
  request.reply = guarded(std::move(request.reply));
  if (passage_ == Passage::encoded) request.parcel = through_bytes(*request.parcel, registry_);
  to_->submit(std::move(request));
}

message::ReplyHandler Gate::guarded(message::ReplyHandler reply) const {
  return [is_cut = is_cut_, passage = passage_, reply = std::move(reply)](message::Reply answer) {
    if (*is_cut) return;
    reply(passage == Passage::encoded ? through_json(answer) : std::move(answer));
  };
}

}  // namespace banyan::testing
