#include "outgoing.hpp"

#include <utility>

#include "names.hpp"
#include "run.hpp"

namespace banyan::remote {
namespace {

constexpr Duration store_timeout = std::chrono::seconds{5};
constexpr Duration find_timeout = std::chrono::seconds{2};

}  // namespace

/// One subscriber, as the relay sees it. Rows are encoded on the relay's thread, which has the time.
class Outgoing::Sender final : public delivery::Subscriber {
 public:
  Sender(Outgoing& owner, std::size_t link, std::string subscriber_, nats::Subject subject_,
         nats::Subject invitation_)
      : subscriber(std::move(subscriber_)),
        subject(std::move(subject_)),
        invitation(std::move(invitation_)),
        owner_(owner),
        link_(link) {}

  void deliver(delivery::Batch batch) override {
    std::vector<Encoded> messages;
    messages.reserve(batch.deliveries.size());
    std::uint64_t after = batch.after;
    const Instant now = owner_.environment_.clock.now();
    for (const delivery::Delivery& delivery : batch.deliveries) {
      messages.push_back(encode(delivery, batch.epoch, std::exchange(after, delivery.seq), now));
    }
    owner_.sign(messages, subject.text());
    owner_.connection_.call_on_loop(
        [this, epoch = batch.epoch, from = batch.after, messages = std::move(messages)]() mutable {
          owner_.publisher_.publish(link_, epoch, from, std::move(messages));
        });
  }

  const std::string subscriber;
  const nats::Subject subject;
  const nats::Subject invitation;

 private:
  Outgoing& owner_;
  const std::size_t link_;
};

Outgoing::Outgoing(std::string producer, nats::Connection& connection, delivery::Publisher& relay,
                   const Environment& environment, const BusOptions& options)
    : producer_(std::move(producer)),
      stream_(stream_of(producer_)),
      connection_(connection),
      relay_(relay),
      environment_(environment),
      signer_(options.signer),
      publisher_(producer_, {.window = options.window, .window_bytes = options.window_bytes},
                 environment.clock, environment.random, environment.log,
                 environment.metrics.counter(telemetry::names::stream_resyncs, {{"producer", producer_}}),
                 *this) {}

Outgoing::~Outgoing() = default;

Result<delivery::Subscriber*> Outgoing::add_link(const std::string& subscriber) {
  auto subject = link_subject(producer_, subscriber);
  if (!subject.ok()) return subject.error();
  auto invitation = invitation_subject(producer_, subscriber);
  if (!invitation.ok()) return invitation.error();
  const std::size_t link =
      publisher_.add_link(subscriber, LinkMetrics{environment_.metrics, producer_, subscriber});
  senders_.push_back(std::make_unique<Sender>(*this, link, subscriber, std::move(subject).value(),
                                              std::move(invitation).value()));
  return senders_.back().get();
}

void Outgoing::sign(std::vector<Encoded>& messages, std::string_view subject) const {
  if (!signer_) return;
  const Status outcome = sign_runs(messages, subject, signer_);
  if (!outcome.ok()) environment_.log.error("messages are not signed", {{"cause", outcome.error()}});
}

void Outgoing::start() {
  const Status listening = connection_.subscribe(report_pattern(producer_), {},
                                                 [this](nats::Message message) { on_report(message); });
  if (!listening.ok()) environment_.log.error("no reports are heard", {{"cause", listening.error()}});
}

// The sender is the subscriber, because the broker lets nobody else publish to this subject.
void Outgoing::on_report(const nats::Message& message) {
  const auto subscriber = std::string_view{message.subject}.substr(message.subject.rfind('.') + 1);
  const auto link = publisher_.link_of(subscriber);
  auto report = parse_report(message.data);
  if (!link || !report.ok()) {
    return environment_.log.error(
        "bad report of a subscriber",
        {{"subscriber", subscriber},
         {"cause", report.ok() ? std::string{"unknown"} : report.error().detail()}});
  }
  publisher_.reported(*link, report.value());
  // While the stream is not there the subscriber gets nothing, and is to know it.
  if (message.reply.empty() || !publisher_.is_in_step()) return;
  static_cast<void>(connection_.respond(message, {}, {}));  // who does not hear it reports again
}

void Outgoing::store(const Ticket& ticket, std::string id, Encoded message) {
  message.headers.add(nats::message_id, id);
  message.headers.add(nats::expected_last_sequence, std::to_string(ticket.expected));
  nats::publish_to_stream(connection_, senders_[ticket.link]->subject, std::move(message.headers),
                          std::move(message.body), store_timeout,
                          [this, ticket](Result<nats::PubAck> ack) { publisher_.stored(ticket, ack); });
}

void Outgoing::find(std::uint64_t attempt) {
  nats::stream_info(connection_, stream_, find_timeout, [this, attempt](Result<nats::StreamInfo> info) {
    publisher_.found(attempt, info.ok() ? Result<std::uint64_t>{info.value().last_sequence} : info.error());
  });
}

void Outgoing::resume(std::size_t link, const delivery::Position& position) {
  relay_.resume(senders_[link]->subscriber, position);
}

void Outgoing::confirm(std::size_t link, std::uint64_t seq) {
  relay_.confirm(senders_[link]->subscriber, seq);
}

void Outgoing::invite(std::size_t link) {
  // A subscriber that does not hear it reports by itself every second.
  static_cast<void>(connection_.publish(senders_[link]->invitation, {}, {}));
}

}  // namespace banyan::remote
