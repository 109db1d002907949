#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "banyan/delivery/outbox.hpp"
#include "banyan/delivery/relay.hpp"
#include "banyan/module/instance.hpp"
#include "banyan/store/reader.hpp"
#include "store_state.hpp"

namespace banyan::module {

/// A relay with a mailbox, and a reading connection for the subscribers that are behind.
/// Threads: safe, but for subscribe(), which comes first. Lifetime: `age`, of the store, lives longer.
class RelayActor final : public delivery::Publisher {
 public:
  static Result<std::unique_ptr<RelayActor>> open(const Module& module, const Environment& environment,
                                                  const InstanceOptions& options,
                                                  const delivery::Position& head,
                                                  const delivery::StoreAge& age, StoreState& state);

  void subscribe(delivery::Interest interest, delivery::Subscriber& to);
  void close() { address_.close(); }

  void committed(std::vector<delivery::Delivery> rows);
  /// The log ends at `head`; for when a hand-over was missed.
  void catch_up(const delivery::Position& head);
  void resume(const std::string& subscriber, const delivery::Position& position) override;
  void confirm(const std::string& subscriber, std::uint64_t seq) override;
  /// False if the link has stopped, or waits.
  bool is_flowing(const std::string& subscriber) const override;
  const message::Descriptor* find_type(std::string_view name) const override { return registry_.find(name); }

  std::uint64_t confirmed_by_all() const noexcept { return confirmed_; }
  std::uint64_t head() const noexcept { return head_; }
  /// How far the subscribers had come when catch_up() was last called.
  delivery::Passed passed() const;
  /// That have stopped, or wait.
  std::vector<delivery::LinkState> troubled_links() const;

 private:
  RelayActor(const Module& module, const Environment& environment, const InstanceOptions& options,
             const delivery::Position& head, const delivery::StoreAge& age, StoreState& state,
             std::unique_ptr<store::Reader> reader);
  delivery::LogSource source();
  delivery::LinkTold told();
  Status look(const std::function<void(delivery::OutboxReader&)>& read);
  void settle();

  const message::Registry& registry_;
  const delivery::StoreAge& age_;
  const telemetry::Log log_;
  StoreState& state_;
  std::unique_ptr<store::Reader> reader_;
  delivery::Relay relay_;
  actor::Address address_;
  std::atomic<std::uint64_t> confirmed_ = 0;
  std::atomic<std::uint64_t> head_ = 0;
  bool has_troubled_ = false;  // one of the links has stopped or waits
  mutable std::mutex mutex_;
  std::vector<delivery::LinkState> troubled_;  // guarded by mutex_, as what follows
  delivery::Passed passed_;
};

}  // namespace banyan::module
