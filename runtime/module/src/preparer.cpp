#include "preparer.hpp"

#include <algorithm>

#include "banyan/resilience/deadline.hpp"

namespace banyan::module {

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
  address_.post([this, batch = std::move(batch)]() mutable {
    std::vector<Result<Prepared>> prepared;
    for (const delivery::Delivery& delivery : batch.deliveries) prepared.push_back(prepare(*delivery.parcel));
    writer_.deliver({std::move(batch), std::move(prepared)});
  });
}

void Preparer::retry(delivery::ParkedMessage message, message::ParcelPtr parcel) {
  if (!address_) return writer_.retry(std::move(message), std::move(parcel), Prepared{});
  address_.post([this, message = std::move(message), parcel = std::move(parcel)]() mutable {
    auto prepared = prepare(*parcel);
    writer_.retry(std::move(message), std::move(parcel), std::move(prepared));
  });
}

void Preparer::close() {
  if (address_) address_.close();
}

Result<Prepared> Preparer::prepare(const message::Parcel& parcel) const {
  const auto handler = module_.commands().find(&parcel.payload.type());
  if (handler == module_.commands().end() || !handler->second.prepare) return Prepared{};
  const Context context{parcel.envelope, environment_.clock.now(), environment_.ids};
  if (resilience::is_expired(parcel.envelope.deadline, context.now)) {
    return Error{Errc::deadline_exceeded, "message.expired", "not started"};
  }
  try {
    return handler->second.prepare(parcel.payload, context);
  } catch (const std::exception& e) {
    return Error{Errc::internal, "module.prepare_threw", e.what()};
  }
}

}  // namespace banyan::module
