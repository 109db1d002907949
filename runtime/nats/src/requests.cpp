#include "requests.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace banyan::nats {
namespace {

Error lost() { return {Errc::unavailable, "nats.lost", "the connection was lost before the answer came"}; }

}  // namespace

Requests::Id Requests::add(Instant deadline, Connection::OnAnswer done) {
  Id id = random_.next();
  while (open_.contains(id)) ++id;
  const auto time_out = [this, id] {
    answer(id, Error{Errc::deadline_exceeded, "nats.timeout", "no answer in time"});
  };
  open_.emplace(id, Open{++last_, std::move(done), timers_.add(deadline, time_out)});
  return id;
}

void Requests::sent(Id id, const Session& session) { open_.at(id).session = &session; }

void Requests::answer(Id id, Result<Message> answer) {
  auto found = open_.extract(id);
  if (found.empty()) return;
  timers_.remove(found.mapped().timeout);
  found.mapped().done(std::move(answer));
}

void Requests::lose(const Session& session) {
  std::vector<std::pair<std::uint64_t, Id>> ids;  // as they were sent
  for (const auto& [id, request] : open_) {
    if (request.session == &session) ids.emplace_back(request.order, id);
  }
  std::ranges::sort(ids);
  for (const auto& [order, id] : ids) answer(id, lost());
}

void Requests::fail_all(const Error& error) {
  while (!open_.empty()) {
    const auto& [id, request] = *open_.begin();
    answer(id, request.session == nullptr ? error : lost());
  }
}

std::size_t Requests::count(const Session& session) const {
  return static_cast<std::size_t>(
      std::ranges::count_if(open_, [&](const auto& open) { return open.second.session == &session; }));
}

}  // namespace banyan::nats
