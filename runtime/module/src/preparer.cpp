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
                   Writer& writer)
    : module_(module), environment_(environment), writer_(writer) {
  const bool is_needed = std::any_of(module.commands().begin(), module.commands().end(),
                                     [](const auto& command) { return command.second.prepare != nullptr; });
  if (!is_needed) return;
  actor::SpawnOptions spawn;
  spawn.mailbox_max = mailbox_max;
  spawn.own_thread = true;
  address_ = environment.actors.spawn(module.name() + ".preparer", std::move(spawn));
}

void Preparer::submit(Ask ask) {
  const auto handler = module_.commands().find(&ask.parcel().payload.type());
  const bool is_prepared = handler != module_.commands().end() && handler->second.prepare;
  if (!is_prepared) {
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
  std::optional<Error> common;  // what the others would meet, too: they need not be tried
  PreparedBatch part = part_of(batch, batch.after);
  for (delivery::Delivery& delivery : batch.deliveries) {
    const std::uint64_t seq = delivery.seq;
    auto prepared = common ? Result<Prepared>{*common} : prepare(*delivery.parcel);
    if (!prepared.ok() && concerns_everyone(prepared.error())) common = prepared.error();
    part.prepared.push_back(std::move(prepared));
    part.batch.deliveries.push_back(std::move(delivery));
    if (part.prepared.size() < handed_on_together || common) continue;
    writer_.deliver(std::exchange(part, part_of(batch, seq)));
  }
  if (!part.prepared.empty()) writer_.deliver(std::move(part));
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
  if (address_) address_.close();
}

Result<Prepared> Preparer::prepare(const message::Parcel& parcel) const {
  const auto handler = module_.commands().find(&parcel.payload.type());
  if (handler == module_.commands().end() || !handler->second.prepare) return Prepared{};
  if (is_closing_) return Error{Errc::resource_exhausted, "module.not_taken", "closing"};
  const Context context{parcel.envelope, environment_.clock.now(), environment_.ids};
  if (resilience::is_expired(parcel.envelope.deadline, context.now)) {
    return Error{Errc::deadline_exceeded, "message.expired", "not started"};
  }
  try {
    return handler->second.prepare(parcel.payload, context);
  } catch (const std::exception& e) {
    return Error{Errc::internal, "module.prepare_threw", e.what()};
  } catch (...) {
    return Error{Errc::internal, "module.prepare_threw", "not a std::exception"};
  }
}

}  // namespace banyan::module
