#pragma once
#include <map>
#include <optional>
#include <string>

#include "banyan/delivery/link.hpp"
#include "banyan/message/registry.hpp"
#include "banyan/testing/topology.hpp"

namespace banyan::testing {

/// The connection between one producer and one subscriber: each of its ends may come and go. Without the
/// other end everything that is sent is lost, and without the subscriber nothing is asked for; a producer
/// that comes back is asked to go on where its subscriber is.
class Wire final : public delivery::Subscriber, public delivery::Publisher {
 public:
  Wire(Passage passage, const message::Registry& registry) : passage_(passage), registry_(registry) {}

  void to_subscriber(delivery::Subscriber* subscriber);
  void to_publisher(delivery::Publisher* publisher);

  void deliver(delivery::Batch batch) override;
  void resume(const std::string& subscriber, const delivery::Position& position) override;
  void confirm(const std::string& subscriber, std::uint64_t seq) override;
  bool is_flowing(const std::string& subscriber) const override {
    return publisher_ != nullptr && publisher_->is_flowing(subscriber);
  }
  const message::Descriptor* find_type(std::string_view name) const override { return registry_.find(name); }

 private:
  delivery::Batch through_bytes(const delivery::Batch& batch) const;
  void note(const delivery::Batch& batch);

  const Passage passage_;
  const message::Registry& registry_;
  delivery::Subscriber* subscriber_ = nullptr;
  delivery::Publisher* publisher_ = nullptr;

  std::string subscriber_name_;
  std::optional<delivery::Position> position_;             // the subscriber's; none before it has resumed
  std::map<std::uint64_t, delivery::Position> under_way_;  // delivered, not confirmed
};

}  // namespace banyan::testing
