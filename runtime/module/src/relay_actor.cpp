#include "relay_actor.hpp"

namespace banyan::module {

Result<std::unique_ptr<RelayActor>> RelayActor::open(const Module& module, const Environment& environment,
                                                     const InstanceOptions& options) {
  auto reader = store::Reader::open(options.store, environment.clock);
  if (!reader.ok()) return reader.error();
  return std::unique_ptr<RelayActor>{new RelayActor(module, environment, options, std::move(reader).value())};
}

RelayActor::RelayActor(const Module& module, const Environment& environment, const InstanceOptions& options,
                       std::unique_ptr<store::Reader> reader)
    : registry_(environment.registry),
      reader_(std::move(reader)),
      relay_(module.name(), options.relay, source()),
      address_(environment.actors.spawn(module.name() + ".relay")) {}

void RelayActor::subscribe(delivery::Interest interest, delivery::Subscriber& to) {
  relay_.subscribe(std::move(interest), to);
}

void RelayActor::start(const delivery::Position& head) {
  relay_.start(head);
  settle();
}

void RelayActor::committed(std::vector<delivery::Delivery> rows) {
  address_.post([this, rows = std::move(rows)] {
    relay_.committed(rows);
    settle();
  });
}

void RelayActor::catch_up(const delivery::Position& head) {
  address_.post([this, head] {
    relay_.catch_up(head);
    settle();
  });
}

void RelayActor::resume(const std::string& subscriber, const delivery::Position& position) {
  address_.post([this, subscriber, position] {
    relay_.resume(subscriber, position);
    settle();
  });
}

void RelayActor::confirm(const std::string& subscriber, std::uint64_t seq) {
  address_.post([this, subscriber, seq] {
    relay_.confirm(subscriber, seq);
    settle();
  });
}

void RelayActor::settle() {
  confirmed_ = relay_.confirmed_by_all();
  head_ = relay_.head().seq;
}

delivery::LogSource RelayActor::source() {
  // Each page is a snapshot of its own: none is held while subscribers work.
  const auto read = [this](auto&& query) -> decltype(query(std::declval<delivery::OutboxReader&>())) {
    if (const Status begun = reader_->begin(); !begun.ok()) throw store::Failure{begun.error()};
    delivery::OutboxReader log{reader_->transaction(), registry_};
    auto result = query(log);
    reader_->end();
    return result;
  };
  return {
      .read = [read](std::uint64_t after, std::int64_t rows_max) -> Result<std::vector<delivery::Delivery>> {
        return read([&](delivery::OutboxReader& log) { return log.read(after, rows_max); });
      },
      .hash_at =
          [read](std::uint64_t seq) {
            return read([&](delivery::OutboxReader& log) { return log.hash_at(seq); });
          }};
}

}  // namespace banyan::module
