#pragma once
#include "banyan/nats/jetstream.hpp"

namespace banyan::nats {

/// True for a message of a stream; the server's own messages about a pull have no such reply, whatever their
/// headers say.
bool is_delivery(const Message& message) noexcept;

/// Reads what the reply subject tells about the message. Errors: data_loss "nats.bad_answer".
Result<Delivery> to_delivery(Message message);

}  // namespace banyan::nats
