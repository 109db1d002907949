#include "banyan/delivery/relay.hpp"

#include <algorithm>
#include <utility>

#include "banyan/message/undecoded.hpp"

namespace banyan::delivery {

bool Interest::covers(const message::Parcel& parcel) const {
  const auto& destination = parcel.envelope.destination;
  if (!destination.empty()) return destination == subscriber;
  const message::Undecoded* undecoded = message::undecoded(parcel.payload);
  return events.contains(undecoded == nullptr ? &parcel.payload.type() : undecoded->known);
}

std::uint64_t Relay::Link::confirmed() const {
  if (!under_way.empty()) return under_way.front().seq - 1;
  return ready.empty() ? scanned : ready.front().seq - 1;
}

void Relay::subscribe(Interest interest, Subscriber& to) {
  const std::string name = interest.subscriber;
  links_.emplace(name, Link{.interest = std::move(interest), .to = &to});
}

void Relay::committed(std::span<const Delivery> rows) {
  if (rows.empty()) return;
  const std::uint64_t before =
      rows.front().seq - 1;  // past head_ if a hand-over was missed: links read the rest
  head_.seq = rows.back().seq;
  head_.hash = rows.back().hash;
  for (auto& [name, link] : links_) {
    if (!link.is_started || link.stopped) continue;
    if (link.scanned == before) push(link, rows);
    pump(link);
  }
}

void Relay::catch_up(const Position& head) {
  if (head.seq > head_.seq) head_ = head;
  for (auto& [name, link] : links_) {
    if (link.asked) begin(link);
    if (link.is_started) pump(link);
  }
}

void Relay::resume(const std::string& subscriber, const Position& position) {
  const auto found = links_.find(subscriber);
  if (found == links_.end()) return;
  Link& link = found->second;
  link.asked = position;
  link.is_started = link.follows = false;
  link.ready.clear();
  link.under_way.clear();
  link.ready_bytes = link.under_way_bytes = 0;
  link.delivered = link.position = link.scanned = 0;
  link.stopped.reset();
  begin(link);
  if (link.is_started) pump(link);
}

// If the subscriber's position has not moved since it was recorded, the rows up to `until` are of no interest
// to it and may have been pruned.
void Relay::begin(Link& link) {
  const Position at = *link.asked;
  const auto known = source_.known(link.interest.subscriber, at.seq);
  if (!known.ok()) return fail(link, known.error());
  link.asked.reset();
  link.is_started = true;
  goes_on(link);
  const auto& [hash, seen] = known.value();
  if (auto diverged = divergence(at, head_, [&hash = hash](std::uint64_t) { return hash; })) {
    return stop(link, *std::move(diverged));  // nobody knows what it has of this log
  }
  link.delivered = link.position = at.seq;
  link.scanned = seen && seen->had <= at.seq ? std::max(at.seq, seen->until) : at.seq;
  link.follows = link.scanned >= head_.seq;
}

void Relay::confirm(const std::string& subscriber, std::uint64_t seq) {
  const auto found = links_.find(subscriber);
  if (found == links_.end() || !found->second.is_started) return;
  Link& link = found->second;
  link.position = std::max(link.position, seq);
  while (!link.under_way.empty() && link.under_way.front().seq <= seq) {
    link.under_way_bytes -= link.under_way.front().bytes;
    link.under_way.pop_front();
  }
  pump(link);
}

std::uint64_t Relay::confirmed_by_all() const {
  std::uint64_t least = head_.seq;
  for (const auto& [name, link] : links_) least = std::min(least, link.is_started ? link.confirmed() : 0);
  return least;
}

Passed Relay::passed() const {
  Passed passed{.by_all = confirmed_by_all()};
  for (const auto& [name, link] : links_) {
    if (link.scanned > 0 && link.follows && !link.stopped)
      passed.seen[name] = {.had = link.position, .until = link.confirmed()};
  }
  return passed;
}

std::vector<LinkState> Relay::links() const {
  std::vector<LinkState> all;
  for (const auto& [name, link] : links_) {
    all.push_back({name, link.confirmed(), link.under_way.size(), link.is_started, link.stopped, link.waits});
  }
  return all;
}

bool Relay::has_room(const Link& link, std::size_t bytes) const {
  if (link.ready.empty()) return true;
  return link.ready.size() < options_.window_max && link.ready_bytes + bytes <= options_.window_bytes_max;
}

bool Relay::has_credit(const Link& link, std::size_t bytes) const {
  if (link.under_way.empty()) return true;
  return link.under_way.size() < options_.credit && link.under_way_bytes + bytes <= options_.credit_bytes;
}

// A row that finds no room is read again later.
void Relay::push(Link& link, std::span<const Delivery> rows) {
  for (const Delivery& row : rows) {
    if (link.interest.covers(*row.parcel)) {
      if (!has_room(link, row.bytes)) return;
      link.ready.push_back(row);
      link.ready_bytes += row.bytes;
    }
    link.scanned = row.seq;
  }
}

void Relay::pump(Link& link) {
  while (!link.stopped) {
    if (!link.ready.empty()) {
      if (!has_credit(link, link.ready.front().bytes)) return;
      send(link);
    } else if (!has_credit(link, 0)) {
      return;
    } else if (link.scanned >= head_.seq || !refill(link)) {  // a page may hold more than was announced yet
      return;
    }
  }
}

// False if there is nothing to go on with: for good, or until the log can be read again. A page that holds
// nothing of interest still moves `scanned`, so refilling comes to an end.
bool Relay::refill(Link& link) {
  const auto rows = source_.read(link.scanned, options_.page);
  if (!rows.ok()) return fail(link, rows.error()), false;
  goes_on(link);
  // A new subscriber starts at the oldest row still kept. For any other subscriber a hole here means lost
  // rows.
  const std::vector<Delivery>& page = rows.value();
  const bool is_whole = !page.empty() && page.back().seq - page.front().seq + 1 == page.size();
  const bool goes_on = is_whole && (link.scanned == 0 || page.front().seq == link.scanned + 1);
  if (!goes_on) {
    stop(link, Error{Errc::data_loss, "delivery.log_incomplete",
                     "no row " + std::to_string(link.scanned + 1) + " though the log's head is at " +
                         std::to_string(head_.seq)});
    return false;
  }
  link.follows = true;
  push(link, page);
  return true;
}

// An error of a read is no answer: nothing follows from it but that it is to be asked again.
void Relay::fail(Link& link, const Error& why) {
  if (why.code() == Errc::data_loss) return stop(link, why);
  const bool is_new = !std::exchange(link.waits, why);
  if (is_new && told_.waits) told_.waits(link.interest.subscriber, why);
}

void Relay::goes_on(Link& link) {
  const bool has_waited = std::exchange(link.waits, std::nullopt).has_value();
  if (has_waited && told_.goes_on) told_.goes_on(link.interest.subscriber);
}

void Relay::send(Link& link) {
  Batch batch{.producer = producer_, .epoch = head_.epoch, .after = link.delivered};
  batch.deliveries.reserve(std::min(link.ready.size(), options_.credit));
  while (!link.ready.empty() && has_credit(link, link.ready.front().bytes)) {
    Delivery& next = link.ready.front();
    link.ready_bytes -= next.bytes;
    link.under_way_bytes += next.bytes;
    link.under_way.push_back({next.seq, next.bytes});
    batch.deliveries.push_back(std::move(next));
    link.ready.pop_front();
  }
  link.delivered = batch.deliveries.back().seq;
  link.to->deliver(std::move(batch));
}

void Relay::stop(Link& link, Error why) {
  link.asked.reset();
  link.waits.reset();
  link.is_started = true;
  if (told_.stopped) told_.stopped(link.interest.subscriber, why);
  link.stopped = std::move(why);
}

}  // namespace banyan::delivery
