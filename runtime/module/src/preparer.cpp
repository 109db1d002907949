#include "preparer.hpp"

#include <algorithm>

#include "banyan/resilience/deadline.hpp"
#include "handling.hpp"

namespace banyan::module {
namespace {

constexpr std::size_t handed_on_together = 16;

/// The part of `batch` that begins behind `after`, still empty.
PreparedBatch part_of(const delivery::Batch& batch, std::uint64_t after) {
  return {{.producer = batch.producer, .epoch = batch.epoch, .after = after}};
}

}  // namespace

Preparer::Preparer(const Module& module, const Environment& environment, std::size_t mailbox_max,
                   Duration pause, Writer& writer)
    : module_(module), environment_(environment), writer_(writer), pause_(pause) {
  const bool is_needed = std::any_of(module.commands().begin(), module.commands().end(),
                                     [](const auto& command) { return command.second.prepare != nullptr; });
  if (!is_needed) return;
  actor::SpawnOptions spawn;
  spawn.mailbox_max = mailbox_max;
  spawn.own_thread = true;
  address_ = environment.actors.spawn(module.name() + ".preparer", std::move(spawn));
}

void Preparer::submit(Ask ask) {
  if (!is_prepared(ask.parcel())) {
    writer_.try_command(std::move(ask), Prepared{});
    return;
  }
  const bool taken = address_.try_post([this, ask = std::move(ask)]() mutable {
    auto prepared = prepare(ask.parcel());
    writer_.try_command(std::move(ask), std::move(prepared));
  });
  static_cast<void>(taken);  // an Ask that is dropped answers for itself
}

void Preparer::deliver(delivery::Batch batch) {
  if (!address_) return writer_.deliver({std::move(batch)});
  address_.post([this, batch = std::move(batch)]() mutable { prepare(std::move(batch)); });
}

void Preparer::prepare(delivery::Batch batch) {
  PreparedBatch part = part_of(batch, batch.after);
  for (delivery::Delivery& delivery : batch.deliveries) {
    const std::uint64_t seq = delivery.seq;
    part.prepared.push_back(prepare_unless_in_vain(*delivery.parcel));
    part.batch.deliveries.push_back(std::move(delivery));
    if (part.prepared.size() < handed_on_together) continue;
    writer_.deliver(std::exchange(part, part_of(batch, seq)));
  }
  if (!part.prepared.empty()) writer_.deliver(std::move(part));
}

// After a failure that every message would hit (for example, the mail server is down), the messages behind it
// fail at once instead of each waiting for the same timeout.
Result<Prepared> Preparer::prepare_unless_in_vain(const message::Parcel& parcel) {
  if (!is_prepared(parcel)) return Prepared{};
  if (common_ && environment_.clock.now() < rest_until_) return *common_;
  common_.reset();
  auto prepared = prepare(parcel);
  if (!prepared.ok() && concerns_everyone(prepared.error())) {
    common_ = prepared.error();
    rest_until_ = environment_.clock.now() + pause_;
  }
  return prepared;
}

void Preparer::retry(delivery::ParkedMessage message, message::ParcelPtr parcel) {
  if (!address_) return writer_.retry(std::move(message), std::move(parcel), Prepared{});
  address_.post([this, message = std::move(message), parcel = std::move(parcel)]() mutable {
    if (is_closing_) return;  // its time comes again
    auto prepared = prepare(*parcel);
    writer_.retry(std::move(message), std::move(parcel), std::move(prepared));
  });
}

void Preparer::close() {
  is_closing_ = true;
  module_.hurry()();
  if (address_) address_.close();
}

bool Preparer::is_prepared(const message::Parcel& parcel) const {
  const auto handler = module_.commands().find(&parcel.payload.type());
  return handler != module_.commands().end() && handler->second.prepare;
}

Result<Prepared> Preparer::prepare(const message::Parcel& parcel) const {
  if (!is_prepared(parcel)) return Prepared{};
  if (is_closing_) return Error{Errc::resource_exhausted, "module.not_taken", "closing"};
  if (const Status right = writer_.right_to_work(); !right.ok()) return right.error();
  const Context context{parcel.envelope, writer_.age().now(environment_.clock), environment_.ids};
  if (resilience::is_expired(parcel.envelope.deadline, context.instant)) {
    return Error{Errc::deadline_exceeded, "message.expired", "not started"};
  }
  try {
    return module_.commands().at(&parcel.payload.type()).prepare(parcel.payload, context);
  } catch (const std::exception& e) {
    return Error{Errc::internal, "module.prepare_threw", e.what()};
  } catch (...) {
    return Error{Errc::internal, "module.prepare_threw", "not a std::exception"};
  }
}

}  // namespace banyan::module
