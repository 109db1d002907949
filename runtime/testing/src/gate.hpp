#pragma once
#include <cstddef>
#include <memory>
#include <utility>

#include "banyan/actor/system.hpp"
#include "banyan/message/endpoint.hpp"
#include "banyan/message/registry.hpp"
#include "banyan/testing/topology.hpp"

namespace banyan::testing {

/// The way into one module, which is there or not. Who asked a module that has crashed hears nothing more.
/// Split, what answers is on another thread: answers come on the actor of the callers.
class Gate final : public message::Endpoint {
 public:
  Gate(Passage passage, const message::Registry& registry, actor::Address callers)
      : passage_(passage), registry_(registry), callers_(std::move(callers)) {}

  void open(message::Endpoint& to);
  /// Requests that were taken are still answered.
  void close() { to_ = nullptr; }
  /// Requests that were taken are not answered any more.
  void cut();

  /// While closed: unavailable "testing.stopped".
  void submit(message::Request request) override;

  /// Requests that are still to be answered.
  std::size_t under_way() const noexcept { return calls_->under_way; }

 private:
  struct Calls {
    bool are_cut = false;
    std::size_t under_way = 0;
  };

  message::ReplyHandler guarded(message::ReplyHandler reply) const;

  const Passage passage_;
  const message::Registry& registry_;
  const actor::Address callers_;
  message::Endpoint* to_ = nullptr;
  std::shared_ptr<Calls> calls_ = std::make_shared<Calls>();
};

}  // namespace banyan::testing
