#include "stream_publisher.hpp"

#include <algorithm>

#include "names.hpp"

namespace banyan::remote {

std::size_t StreamPublisher::add_link(std::string subscriber, const LinkMetrics& metrics) {
  links_.push_back({.subscriber = std::move(subscriber), .metrics = metrics});
  return links_.size() - 1;
}

std::optional<std::size_t> StreamPublisher::link_of(std::string_view subscriber) const {
  for (std::size_t i = 0; i < links_.size(); ++i) {
    if (links_[i].subscriber == subscriber) return i;
  }
  return std::nullopt;
}

void StreamPublisher::connected() {
  if (state_ != State::away || links_.empty()) return;
  state_ = State::lost;
  failures_ = 0;
  find_at_ = clock_.now();
  tick();
}

void StreamPublisher::disconnected() {
  if (state_ == State::away) return;
  log_.info("stream out of step", {{"cause", Error{Errc::unavailable, "remote.disconnected"}}});
  fall_out_of_step();
  state_ = State::away;
}

// Drops rows that come while the stream's end is unknown, or beyond a hole, because the log hands them over
// again. A repeated row is published, because the subscriber skips it.
void StreamPublisher::publish(std::size_t index, const Uuid& epoch, std::uint64_t after,
                              std::vector<Encoded> messages) {
  Link& link = links_[index];
  if (state_ != State::ready || !link.is_started || after > link.queued) return;
  link.epoch = epoch;
  while (!link.unconfirmed.empty() && link.unconfirmed.back().seq > after) link.unconfirmed.pop_back();
  for (Encoded& message : messages) {
    link.queued = message.seq;
    link.unconfirmed.push_back({message.seq, message.hash});
    queue_.push_back({index, std::move(message)});
  }
  pump();
}

void StreamPublisher::reported(std::size_t index, const Report& report) {
  Link& link = links_[index];
  link.report = report;
  link.reported_at = clock_.now();
  look_at_log(link, report);
  if (state_ != State::ready) return;
  const bool is_stalled_now = is_stalled(link, report);
  if (!link.is_started || report.resume || has_diverged(link, report.position) || is_stalled_now) {
    return start(index);
  }
  port_.confirm(index, report.position.seq);
}

// Reports of two stores contradict each other, and each of the two would get a part of the rows.
void StreamPublisher::look_at_log(Link& link, const Report& report) {
  const Instant now = clock_.now();
  if (!link.log.heard(report.log, now)) return;
  link.metrics.alarms.add();
  alarm_.alarm(log_, "two stores of one subscriber",
               Error{Errc::conflict, "remote.two_logs",
                     link.subscriber + " reports from the stores with the logs " +
                         to_string(link.log.last()) + " and " + to_string(*link.log.second(now))},
               now);
}

void StreamPublisher::stored(const Ticket& ticket, const Result<nats::PubAck>& ack) {
  if (ticket.attempt != attempt_ || state_ != State::ready) return;
  if (!ack.ok()) return lose(ack.error());
  if (ack.value().duplicate || ack.value().sequence != ticket.expected + 1) {
    return lose(Error{Errc::conflict, "remote.unexpected_sequence",
                      "stored as " + std::to_string(ack.value().sequence) + " instead of " +
                          std::to_string(ticket.expected + 1)});
  }
  failures_ = 0;
  reminder_.forget();
  --under_way_;
  under_way_bytes_ -= ticket.bytes;
  Link& link = links_[ticket.link];
  link.stored = std::max(link.stored, ticket.seq);
  link.metrics.published.add();
  pump();
}

void StreamPublisher::found(std::uint64_t attempt, const Result<std::uint64_t>& last) {
  if (attempt != attempt_ || state_ != State::finding) return;
  if (!last.ok()) return lose(last.error());
  state_ = State::ready;
  expected_ = last.value();
  for (std::size_t i = 0; i < links_.size(); ++i) {
    if (links_[i].report) {
      start(i);
    } else {
      port_.invite(i);
    }
  }
}

void StreamPublisher::tick() {
  if (state_ != State::lost || clock_.now() < find_at_) return;
  state_ = State::finding;
  port_.find(attempt_);
}

void StreamPublisher::describe(std::vector<LinkHealth>& links) const {
  for (const Link& link : links_) {
    LinkHealth health{.producer = producer_, .subscriber = link.subscriber, .is_outgoing = true};
    health.is_flowing = state_ == State::ready && link.is_started;
    if (link.report) {
      health.confirmed = link.report->position.seq;
      health.heard_at = link.reported_at;
    }
    health.passed = link.stored;
    health.second_log = link.log.second(clock_.now());
    health.is_flowing = health.is_flowing && !health.second_log;
    links.push_back(std::move(health));
  }
}

// At once the first time; then the pauses grow.
void StreamPublisher::lose(const Error& why) {
  if (failures_ == 0) failing_since_ = clock_.now();
  tell(why);
  fall_out_of_step();
  state_ = State::lost;
  find_at_ = clock_.now();
  if (failures_ > 0) find_at_ += options_.retry.delay(failures_, random_);
  ++failures_;
}

void StreamPublisher::tell(const Error& why) {
  constexpr std::string_view text = "stream out of step";
  if (!needs_attention(why)) return log_.info(text, {{"cause", why}, {"attempt", failures_}});
  reminder_.warn(log_, text, stream_of(producer_), why, clock_.now());
}

// A stream that is not made yet, or whose broker is away, is so at every start and stop: it becomes an
// operator's affair when it lasts. All else, such as somebody else's message in the stream, is one at once.
bool StreamPublisher::needs_attention(const Error& why) const {
  const bool may_pass = why.code() == Errc::unavailable || why.code() == Errc::not_found;
  return !may_pass || clock_.now() - failing_since_ >= options_.patience;
}

void StreamPublisher::fall_out_of_step() {
  resyncs_.add();
  ++attempt_;
  queue_.clear();
  under_way_ = under_way_bytes_ = 0;
  for (Link& link : links_) link.is_started = false;
}

// The id is new with each start: the stream would take a row that it has seen before, and perhaps lost since,
// for a duplicate.
void StreamPublisher::start(std::size_t index) {
  Link& link = links_[index];
  const delivery::Position position = link.report->position;
  const std::uint64_t start = random_.next() & 0xFFFF'FFFF;
  link.id_stem = ":r" + std::to_string(start);
  link.epoch = {};
  link.is_started = true;
  link.moved_at = clock_.now();
  link.queued = link.stored = position.seq;
  link.unconfirmed.clear();
  link.metrics.restarts.add();
  std::erase_if(queue_, [&](const Waiting& waiting) { return waiting.link == index; });
  port_.resume(index, position);
}

bool StreamPublisher::has_room(const Encoded& message) const {
  if (under_way_ == 0) return true;
  return under_way_ < options_.window && under_way_bytes_ + message.body.size() <= options_.window_bytes;
}

void StreamPublisher::pump() {
  while (state_ == State::ready && !queue_.empty() && has_room(queue_.front().message)) {
    auto [index, message] = std::move(queue_.front());
    queue_.pop_front();
    const Link& link = links_[index];
    std::string id = producer_ + ':' + to_string(link.epoch) + ':' + link.subscriber + ':' +
                     std::to_string(message.seq) + link.id_stem;
    const Ticket ticket{.attempt = attempt_,
                        .expected = expected_,
                        .link = index,
                        .seq = message.seq,
                        .bytes = message.body.size()};
    ++under_way_;
    under_way_bytes_ += ticket.bytes;
    ++expected_;
    port_.store(ticket, std::move(id), std::move(message));
  }
}

// Another log than this one, or another row at this place: the log itself has to look and to stop.
bool StreamPublisher::has_diverged(Link& link, const delivery::Position& position) {
  if (position.epoch.is_nil() || link.epoch.is_nil()) return false;
  if (position.epoch != link.epoch) return true;
  std::optional<delivery::ChainHash> sent;
  while (!link.unconfirmed.empty() && link.unconfirmed.front().seq <= position.seq) {
    if (link.unconfirmed.front().seq == position.seq) sent = link.unconfirmed.front().hash;
    link.unconfirmed.pop_front();
  }
  return sent && *sent != position.hash;
}

bool StreamPublisher::is_stalled(Link& link, const Report& report) const {
  const Instant now = clock_.now();
  const bool is_behind = report.received < link.stored;
  if (!is_behind || report.received > link.received) link.moved_at = now;
  link.received = report.received;
  return is_behind && now - link.moved_at >= options_.stall;
}

}  // namespace banyan::remote
