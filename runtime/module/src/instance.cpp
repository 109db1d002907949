#include "banyan/module/instance.hpp"

#include <atomic>

#include "banyan/resilience/deadline.hpp"
#include "preparer.hpp"
#include "readers.hpp"
#include "relay_actor.hpp"
#include "store_state.hpp"
#include "writer.hpp"

namespace banyan::module {

// In the order of construction; the readers' connections close before the database does.
struct Instance::Parts final : message::Endpoint {
  Parts(const Module& m, const Environment& e, InstanceOptions o)
      : definition(m), environment(e), options(std::move(o)) {}

  void submit(message::Request request) override {
    Ask ask{std::move(request)};
    if (!is_started) return;  // an Ask that is dropped answers for itself
    const Descriptor& type = ask.parcel().payload.type();
    if (resilience::is_expired(ask.parcel().envelope.deadline, environment.clock.now())) {
      return ask.answer(Error{Errc::deadline_exceeded, "message.expired", "not started"});
    }
    if (const Status right = writer->right_to_work(); !right.ok()) return ask.answer(right.error());
    if (definition.queries().contains(&type)) return readers->submit(std::move(ask));
    if (definition.commands().contains(&type)) return preparer->submit(std::move(ask));
    ask.answer(Error{Errc::not_found, "message.not_handled", std::string{type.type}});
  }

  Module definition;
  Environment environment;
  InstanceOptions options;
  Uuid log;
  StoreState state{environment.log.for_module(definition.name())};
  std::unique_ptr<Writer> writer;
  std::unique_ptr<RelayActor> relay;
  std::unique_ptr<Readers> readers;
  std::unique_ptr<Preparer> preparer;
  std::atomic<bool> is_started = false;
  bool is_stopped = false;
  Status closed = success();
};

Result<std::unique_ptr<Instance>> Instance::open(const Module& module, const Environment& environment,
                                                 InstanceOptions options) {
  auto parts = std::make_unique<Parts>(module, environment, std::move(options));
  auto writer = Writer::open(parts->definition, parts->environment, parts->options, parts->state);
  if (!writer.ok()) return writer.error();
  parts->writer = std::move(writer).value();
  auto relay = RelayActor::open(parts->definition, parts->environment, parts->options,
                                parts->writer->log_head(), parts->writer->age(), parts->state);
  if (!relay.ok()) return relay.error();
  parts->relay = std::move(relay).value();
  parts->log = parts->writer->log_head().epoch;
  auto readers = Readers::open(parts->definition, parts->environment, parts->options, parts->writer->age(),
                               parts->state);
  if (!readers.ok()) return readers.error();
  parts->readers = std::move(readers).value();
  parts->preparer =
      std::make_unique<Preparer>(parts->definition, parts->environment, parts->options.mailbox_max,
                                 parts->options.pause, *parts->writer);
  return std::unique_ptr<Instance>{new Instance(std::move(parts))};
}

Instance::Instance(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Instance::~Instance() { stop(); }

const Module& Instance::definition() const noexcept { return parts_->definition; }
message::Endpoint& Instance::endpoint() noexcept { return *parts_; }
delivery::Subscriber& Instance::subscriber() noexcept { return *parts_->preparer; }
delivery::Publisher& Instance::publisher() noexcept { return *parts_->relay; }

void Instance::feeds(delivery::Interest interest, delivery::Subscriber& to) {
  parts_->relay->subscribe(std::move(interest), to);
}

void Instance::listens_to(const std::string& producer, delivery::Publisher& from) {
  parts_->writer->listens_to(producer, from);
}

void Instance::start() {
  Parts& parts = *parts_;
  parts.writer->start(*parts.relay, [preparer = parts.preparer.get()](delivery::ParkedMessage message,
                                                                      message::ParcelPtr parcel) {
    preparer->retry(std::move(message), std::move(parcel));
  });
  parts.is_started = true;
}

void Instance::stop() {
  if (std::exchange(parts_->is_stopped, true)) return;
  parts_->preparer->close();
  parts_->writer->close();
  parts_->relay->close();
  parts_->readers->close();
  parts_->closed = parts_->writer->close_store();
}

const Status& Instance::closed() const noexcept { return parts_->closed; }

void Instance::yield() noexcept { parts_->writer->yield(); }

const Uuid& Instance::log() const noexcept { return parts_->log; }

Health Instance::health() const {
  Health health;
  parts_->writer->describe(health);
  health.reader_depth = parts_->readers->depth();
  health.outbox_head = parts_->relay->head();
  health.outbox_confirmed = parts_->relay->confirmed_by_all();
  parts_->state.describe(health);
  for (delivery::LinkState& link : parts_->relay->troubled_links()) {
    (link.stopped ? health.stopped_links : health.waiting_links).push_back(std::move(link));
  }
  return health;
}

Moment Instance::moment() const { return parts_->writer->age().now(parts_->environment.clock); }

void Instance::resolve_parked(std::string producer, std::uint64_t seq, ParkedAction action,
                              std::function<void(Status)> done) {
  const bool taken = parts_->writer->post([this, producer = std::move(producer), seq, action, done] {
    done(parts_->writer->resolve_parked(producer, seq, action));
  });
  if (!taken) done(Error{Errc::resource_exhausted, "module.not_taken", "closing"});
}

void Instance::rewind(std::string producer, const delivery::Position& to, std::function<void(Status)> done) {
  const bool taken = parts_->writer->post(
      [this, producer = std::move(producer), to, done] { done(parts_->writer->rewind(producer, to)); });
  if (!taken) done(Error{Errc::resource_exhausted, "module.not_taken", "closing"});
}

void Instance::inspect(std::function<void(View&)> read, std::function<void(Status)> done) {
  parts_->readers->inspect(std::move(read), std::move(done));
}

delivery::Interest interest_of(const Module& subscriber, const Module& producer) {
  delivery::Interest interest{.subscriber = subscriber.name()};
  if (&subscriber == &producer || subscriber.name() == producer.name()) return interest;
  for (const auto* handlers : {&subscriber.events(), &subscriber.projections()}) {
    for (const auto& [event, of_event] : *handlers) {
      if (event->module == producer.name()) interest.events.insert(event);
    }
  }
  return interest;
}

}  // namespace banyan::module
