#pragma once
#include <memory>

#include "banyan/message/endpoint.hpp"
#include "banyan/message/registry.hpp"
#include "banyan/testing/topology.hpp"

namespace banyan::testing {

/// The way into one module, which is there or not. Who asked a module that has crashed hears nothing more.
class Gate final : public message::Endpoint {
 public:
  Gate(Passage passage, const message::Registry& registry) : passage_(passage), registry_(registry) {}

  void open(message::Endpoint& to);
  /// What was asked is still answered.
  void close() { to_ = nullptr; }
  /// What was asked is not answered any more.
  void cut();

  /// While closed: unavailable "testing.stopped".
  void submit(message::Request request) override;

 private:
  message::ReplyHandler guarded(message::ReplyHandler reply) const;

  const Passage passage_;
  const message::Registry& registry_;
  message::Endpoint* to_ = nullptr;
  std::shared_ptr<bool> is_cut_ = std::make_shared<bool>(false);
};

}  // namespace banyan::testing
