#pragma once
#include <functional>
#include <optional>
#include <utility>

#include "banyan/message/endpoint.hpp"

namespace banyan::message {

/// The options of one call. The caller fills in the envelope's id, source, time
/// and deadline, and hands on correlation, causation, trace and principal; destination and key follow from
/// the message.
struct CallOptions {
  Envelope envelope;
  std::optional<Idempotency> idempotency;
};

/// The request that carries `payload` to the module that owns its type.
Request to_request(Payload payload, const CallOptions& options, ReplyHandler reply);

/// Asks `endpoint` and hands its answer to `done`, exactly once, on any thread. What generated clients are
/// made of. Errors: those of Endpoint::submit, and the module's refusals.
template <Message Answer, Message Question>
void call(Endpoint& endpoint, Question question, const CallOptions& options,
          std::function<void(Result<Answer>)> done) {
  endpoint.submit(
      to_request(Payload::of(std::move(question)), options, [done = std::move(done)](Reply reply) {
        done(reply.ok() ? Result<Answer>{reply.value().template as<Answer>()}
                        : Result<Answer>{reply.error()});
      }));
}

}  // namespace banyan::message
