#include "relay_actor.hpp"

namespace banyan::module {

Result<std::unique_ptr<RelayActor>> RelayActor::open(const Module& module, const Environment& environment,
                                                     const InstanceOptions& options,
                                                     const delivery::Position& head,
                                                     const delivery::StoreAge& age) {
  auto reader = store::Reader::open(options.store, environment.clock);
  if (!reader.ok()) return reader.error();
  return std::unique_ptr<RelayActor>{
      new RelayActor(module, environment, options, head, age, std::move(reader).value())};
}

RelayActor::RelayActor(const Module& module, const Environment& environment, const InstanceOptions& options,
                       const delivery::Position& head, const delivery::StoreAge& age,
                       std::unique_ptr<store::Reader> reader)
    : registry_(environment.registry),
      age_(age),
      log_(environment.log.for_module(module.name())),
      reader_(std::move(reader)),
      relay_(module.name(), options.relay, source(), head,
             [this](const std::string& subscriber, const Error& why) {
               log_.error("link stopped", {{"subscriber", subscriber}, {"cause", why}});
               has_stopped_ = true;
             }),
      address_(environment.actors.spawn(module.name() + ".relay")) {
  settle();
}

void RelayActor::subscribe(delivery::Interest interest, delivery::Subscriber& to) {
  relay_.subscribe(std::move(interest), to);
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
    delivery::Passed passed = relay_.passed();
    const std::lock_guard lock{mutex_};
    passed_ = std::move(passed);
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
  if (!has_stopped_) return;
  std::vector<delivery::LinkState> stopped = relay_.links();
  std::erase_if(stopped, [](const delivery::LinkState& link) { return !link.stopped; });
  has_stopped_ = !stopped.empty();
  const std::lock_guard lock{mutex_};
  stopped_ = std::move(stopped);
}

delivery::Passed RelayActor::passed() const {
  const std::lock_guard lock{mutex_};
  return passed_;
}

std::vector<delivery::LinkState> RelayActor::stopped_links() const {
  const std::lock_guard lock{mutex_};
  return stopped_;
}

delivery::LogSource RelayActor::source() {
  return {.read = [this](std::uint64_t after,
                         const delivery::PageLimits& limits) -> Result<std::vector<delivery::Delivery>> {
            Result<std::vector<delivery::Delivery>> rows{std::vector<delivery::Delivery>{}};
            const Status looked =
                look([&](delivery::OutboxReader& log) { rows = log.read(after, limits, age_); });
            return looked.ok() ? std::move(rows) : looked.error();
          },
          .hash_at =
              [this](std::uint64_t seq) {
                std::optional<delivery::ChainHash> hash;
                static_cast<void>(look([&](delivery::OutboxReader& log) { hash = log.hash_at(seq); }));
                return hash;
              },
          .seen =
              [this](const std::string& subscriber) {
                std::optional<delivery::Seen> seen;
                static_cast<void>(look([&](delivery::OutboxReader& log) { seen = log.seen(subscriber); }));
                return seen;
              }};
}

// Each look is a snapshot of its own: none is held while subscribers work.
Status RelayActor::look(const std::function<void(delivery::OutboxReader&)>& read) {
  return reader_->read([&](store::ReadTransaction& transaction) {
    delivery::OutboxReader log{transaction, registry_};
    read(log);
  });
}

}  // namespace banyan::module
