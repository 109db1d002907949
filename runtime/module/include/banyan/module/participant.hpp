#pragma once
#include <string>

#include "banyan/delivery/link.hpp"
#include "banyan/delivery/relay.hpp"
#include "banyan/message/endpoint.hpp"

namespace banyan::module {

/// A module as others see it who ask it and are linked to it: an Instance, or what stands in front of one.
/// Threads: feeds() and listens_to() belong to one; everything else is safe.
class Participant {
 public:
  virtual ~Participant() = default;

  virtual message::Endpoint& endpoint() noexcept = 0;
  /// Where other modules' messages come in, and where this module's are asked for.
  virtual delivery::Subscriber& subscriber() noexcept = 0;
  virtual delivery::Publisher& publisher() noexcept = 0;

  /// Before it starts: this module's messages that concern `interest` go to `to`.
  virtual void feeds(delivery::Interest interest, delivery::Subscriber& to) = 0;
  /// Before it starts: this module hears what `producer` publishes.
  virtual void listens_to(const std::string& producer, delivery::Publisher& from) = 0;
};

}  // namespace banyan::module
