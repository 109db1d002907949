#include "banyan/nats/jetstream.hpp"

#include "api.hpp"

namespace banyan::nats {
namespace {

constexpr std::string_view ack_prefix = "$JS.ACK.";

}  // namespace

void publish_to_stream(Connection& connection, const Subject& subject, Headers headers, std::string data,
                       Duration timeout, Done<PubAck> done) {
  const auto read = [](const json::Value& answer) -> Result<PubAck> {
    PubAck ack{.stream = text_at(answer, "stream"), .sequence = count_at(answer, "seq")};
    if (ack.stream.empty() || ack.sequence == 0) {
      return Error{Errc::data_loss, "nats.bad_answer", "whoever answered is no stream"};
    }
    const json::Value* duplicate = answer.find("duplicate");
    ack.duplicate = duplicate != nullptr && duplicate->if_a<bool>() != nullptr && *duplicate->if_a<bool>();
    return ack;
  };
  ask<PubAck>(connection, subject, std::move(headers), std::move(data), timeout, std::move(done), read);
}

Status ack(Connection& connection, std::string_view reply) {
  const auto subject = Subject::parse(reply);
  if (!subject.ok()) return subject.error();
  if (!reply.starts_with(ack_prefix)) {
    return Error{Errc::invalid_argument, "nats.bad_subject", "not where JetStream expects an ack"};
  }
  return connection.publish(subject.value(), {}, "+ACK");
}

}  // namespace banyan::nats
