#include "relay_actor.hpp"

#include <algorithm>

namespace banyan::module {

Result<std::unique_ptr<RelayActor>> RelayActor::open(const Module& module, const Environment& environment,
                                                     const InstanceOptions& options,
                                                     const delivery::Position& head,
                                                     const delivery::StoreAge& age, StoreState& state) {
  auto reader = store::Reader::open(options.store, environment.clock);
  if (!reader.ok()) return reader.error();
  return std::unique_ptr<RelayActor>{
      new RelayActor(module, environment, options, head, age, state, std::move(reader).value())};
}

RelayActor::RelayActor(const Module& module, const Environment& environment, const InstanceOptions& options,
                       const delivery::Position& head, const delivery::StoreAge& age, StoreState& state,
                       std::unique_ptr<store::Reader> reader)
    : registry_(environment.registry),
      age_(age),
      log_(environment.log.for_module(module.name())),
      state_(state),
      reader_(std::move(reader)),
      relay_(module.name(), options.relay, source(), head, told()),
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
  if (!has_troubled_) return;
  std::vector<delivery::LinkState> troubled = relay_.links();
  std::erase_if(troubled, [](const delivery::LinkState& link) { return !link.stopped && !link.waits; });
  has_troubled_ = !troubled.empty();
  const std::lock_guard lock{mutex_};
  troubled_ = std::move(troubled);
}

delivery::LinkTold RelayActor::told() {
  return {.stopped =
              [this](const std::string& subscriber, const Error& why) {
                log_.error("link stopped", {{"subscriber", subscriber}, {"cause", why}});
                has_troubled_ = true;
              },
          .waits =
              [this](const std::string& subscriber, const Error& why) {
                log_.warning("link waits", {{"subscriber", subscriber}, {"cause", why}});
                has_troubled_ = true;
              },
          .goes_on =
              [this](const std::string& subscriber) {
                log_.info("link goes on", {{"subscriber", subscriber}});
              }};
}

delivery::Passed RelayActor::passed() const {
  const std::lock_guard lock{mutex_};
  return passed_;
}

bool RelayActor::is_flowing(const std::string& subscriber) const {
  const std::lock_guard lock{mutex_};
  return std::ranges::find(troubled_, subscriber, &delivery::LinkState::subscriber) == troubled_.end();
}

std::vector<delivery::LinkState> RelayActor::troubled_links() const {
  const std::lock_guard lock{mutex_};
  return troubled_;
}

delivery::LogSource RelayActor::source() {
  return {.read = [this](std::uint64_t after,
                         const delivery::PageLimits& limits) -> Result<std::vector<delivery::Delivery>> {
            Result<std::vector<delivery::Delivery>> rows{std::vector<delivery::Delivery>{}};
            const Status looked =
                look([&](delivery::OutboxReader& log) { rows = log.read(after, limits, age_); });
            return looked.ok() ? std::move(rows) : looked.error();
          },
          .known = [this](const std::string& subscriber, std::uint64_t seq) -> Result<delivery::Known> {
            delivery::Known known;
            const Status looked = look([&](delivery::OutboxReader& log) {
              known = {.hash = log.hash_at(seq), .seen = log.seen(subscriber)};
            });
            return looked.ok() ? Result<delivery::Known>{std::move(known)} : looked.error();
          }};
}

// Each look is a snapshot of its own: none is held while subscribers work.
Status RelayActor::look(const std::function<void(delivery::OutboxReader&)>& read) {
  Status done = reader_->read([&](store::ReadTransaction& transaction) {
    delivery::OutboxReader log{transaction, registry_};
    read(log);
  });
  state_.read(done);
  return done;
}

}  // namespace banyan::module
