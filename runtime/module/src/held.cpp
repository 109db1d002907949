#include "held.hpp"

#include <algorithm>

namespace banyan::module {
namespace {

bool is_same_key(const Ask& one, const Ask& other) {
  return one.idempotency() && other.idempotency() && one.idempotency()->key == other.idempotency()->key &&
         one.parcel().envelope.principal == other.parcel().envelope.principal;
}

}  // namespace

bool Held::keep(Undecided& request, const delivery::Awaited& awaited, const Error& refusal, Instant now) {
  if (!request.until) {
    const Duration left = request.ask.parcel().envelope.deadline - now;
    request.until = now + std::min(time_max_, left / 2);
  }
  if (*request.until <= now || places_.size() >= requests_max_) return false;
  places_.push_back({std::move(request), awaited, refusal});
  size_ = places_.size();
  return true;
}

bool Held::has_key_of(const Ask& ask) const {
  return std::ranges::any_of(places_,
                             [&](const Place& place) { return is_same_key(place.request.ask, ask); });
}

std::vector<Undecided> Held::take_told(const message::Parcel& news) {
  std::vector<Undecided> told;
  take_if(
      [&](const Place& place) {
        return place.awaited.event == &news.payload.type() && place.awaited.key == news.envelope.key;
      },
      [&](Place& place) { told.push_back(std::move(place.request)); });
  return told;
}

std::vector<Overdue> Held::take_overdue(Instant now) {
  std::vector<Overdue> overdue;
  take_if(
      [&](const Place& place) { return *place.request.until <= now; },
      [&](Place& place) {
        overdue.push_back({std::move(place.request.ask), std::move(place.awaited), std::move(place.refusal)});
      });
  return overdue;
}

std::optional<Instant> Held::next_due() const {
  std::optional<Instant> due;
  for (const Place& place : places_) due = std::min(due.value_or(no_deadline), *place.request.until);
  return due;
}

void Held::clear() {
  places_.clear();
  size_ = 0;
}

template <class Wanted, class Use>
void Held::take_if(Wanted wanted, Use use) {
  for (auto place = places_.begin(); place != places_.end();) {
    if (wanted(*place)) {
      use(*place);
      place = places_.erase(place);
    } else {
      ++place;
    }
  }
  size_ = places_.size();
}

}  // namespace banyan::module
