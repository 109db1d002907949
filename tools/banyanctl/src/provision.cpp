#include "provision.hpp"

#include <fmt/format.h>

#include <chrono>
#include <future>
#include <map>

namespace banyan::ctl {
namespace {

constexpr Duration patience = std::chrono::seconds{5};
/// More than the credit of a link: what is under way is never dropped.
constexpr std::int64_t messages_per_link = 4096;

/// The result that `start` hands to its callback; it always does.
template <class T, class Start>
Result<T> wait_for(Start start) {
  const auto promise = std::make_shared<std::promise<Result<T>>>();
  std::future<Result<T>> result = promise->get_future();
  start([promise](Result<T> value) { promise->set_value(std::move(value)); });
  return result.get();
}

template <class T>
Status to_status(const Result<T>& result) {
  return result.ok() ? success() : Status{result.error()};
}

template <class T>
bool is_missing(const Result<T>& result) {
  return !result.ok() && result.error().code() == Errc::not_found;
}

/// The broker is away, or does not answer: to go on would only be to wait again.
bool concerns_all(const Error& error) { return is_ambiguous(error.code()); }

std::string text_of(const nats::ConsumerName& name) { return name.stream + "." + name.consumer; }

}  // namespace

std::vector<Provision> provisions_of(std::span<const message::Edge> edges, std::int64_t bytes_max) {
  std::map<std::string_view, Provision> by_producer;
  for (const message::Edge& edge : edges) {
    if (edge.messages.empty()) continue;
    Provision& provision = by_producer[edge.from];
    const std::string stream = fmt::format("EVT_{}", edge.from);
    provision.stream.name = stream;
    provision.stream.subjects = {fmt::format("evt.{}.>", edge.from)};
    provision.stream.messages_per_subject_max = messages_per_link;
    provision.stream.bytes_max = bytes_max;
    nats::ConsumerConfig consumer;
    consumer.name = {stream, std::string{edge.to}};
    consumer.filter = fmt::format("evt.{}.{}", edge.from, edge.to);
    provision.consumers.push_back(std::move(consumer));
  }
  std::vector<Provision> all;
  for (auto& [producer, provision] : by_producer) all.push_back(std::move(provision));
  return all;
}

Status Provisioner::make() {
  const Status made = for_each([this](const Provision& provision) { return make(provision); });
  if (!made.ok() && concerns_all(made.error())) return made;
  const Status repaired = repair();
  return made.ok() ? repaired : made;
}

Status Provisioner::repair() {
  return for_each([this](const Provision& provision) { return repair(provision); });
}

// A fault of one stream is no reason to leave the others as they are.
Status Provisioner::for_each(const std::function<Status(const Provision&)>& work) const {
  Status first = success();
  for (const Provision& provision : provisions_) {
    const Status done = work(provision);
    if (done.ok()) continue;
    if (concerns_all(done.error())) return done;
    if (first.ok()) first = done;
  }
  return first;
}

Status Provisioner::make(const Provision& provision) {
  if (const Status made = make_stream(provision.stream); !made.ok()) return made;
  for (const nats::ConsumerConfig& consumer : provision.consumers) {
    if (const Status made = make_consumer(consumer); !made.ok()) return made;
  }
  return success();
}

Status Provisioner::make_stream(const nats::StreamConfig& stream) {
  const auto made = wait_for<nats::StreamInfo>(
      [&](auto done) { nats::create_stream(connection_, stream, patience, std::move(done)); });
  if (made.ok() || made.error().code() != Errc::already_exists) {
    if (made.ok()) say_(fmt::format("{}: there", stream.name));
    return to_status(made);
  }
  say_(fmt::format("{}: changed", stream.name));
  return to_status(wait_for<nats::StreamInfo>(
      [&](auto done) { nats::update_stream(connection_, stream, patience, std::move(done)); }));
}

Status Provisioner::make_consumer(const nats::ConsumerConfig& consumer) {
  const auto made = wait_for<nats::ConsumerInfo>(
      [&](auto done) { nats::create_consumer(connection_, consumer, patience, std::move(done)); });
  if (made.ok()) say_(fmt::format("{}: there", text_of(consumer.name)));
  return to_status(made);
}

Status Provisioner::repair(const nats::ConsumerConfig& consumer, const Result<nats::ConsumerInfo>& found,
                           std::uint64_t last_sequence) {
  if (is_missing(found)) return make_consumer(consumer);
  if (!found.ok()) return found.error();
  if (found.value().delivered_stream_sequence <= last_sequence) return success();
  say_(fmt::format("{}: was ahead of its stream", text_of(consumer.name)));
  const auto gone = wait_for<Unit>(
      [&](auto done) { nats::delete_consumer(connection_, consumer.name, patience, std::move(done)); });
  return gone.ok() || is_missing(gone) ? make_consumer(consumer) : to_status(gone);
}

Status Provisioner::repair(const Provision& provision) {
  std::vector<Result<nats::ConsumerInfo>> consumers;
  for (const nats::ConsumerConfig& consumer : provision.consumers) {
    consumers.push_back(wait_for<nats::ConsumerInfo>(
        [&](auto done) { nats::consumer_info(connection_, consumer.name, patience, std::move(done)); }));
    if (!consumers.back().ok() && concerns_all(consumers.back().error())) return consumers.back().error();
  }
  // After its consumers: what they have delivered by then is in it, unless it was set back.
  auto stream = wait_for<nats::StreamInfo>(
      [&](auto done) { nats::stream_info(connection_, provision.stream.name, patience, std::move(done)); });
  if (is_missing(stream)) return make(provision);
  if (!stream.ok()) return stream.error();
  for (std::size_t i = 0; i < consumers.size(); ++i) {
    const Status repaired = repair(provision.consumers[i], consumers[i], stream.value().last_sequence);
    if (!repaired.ok()) return repaired;
  }
  return success();
}

}  // namespace banyan::ctl
