#include "readers.hpp"

#include "banyan/resilience/deadline.hpp"
#include "span.hpp"

namespace banyan::module {
namespace {

// Queries that come one after the other wait together: they share a wake-up and a snapshot.
constexpr std::size_t in_a_row = 16;

}  // namespace

Result<std::unique_ptr<Readers>> Readers::open(const Module& module, const Environment& environment,
                                               const InstanceOptions& options, const delivery::StoreAge& age,
                                               StoreState& state) {
  std::unique_ptr<Readers> readers{new Readers(module, environment, age, state)};
  for (std::size_t i = 0; i < options.readers; ++i) {
    auto reader = store::Reader::open(options.store, environment.clock);
    if (!reader.ok()) return reader.error();
    auto seat = std::make_unique<Seat>(Seat{std::move(reader).value()});
    actor::SpawnOptions spawn;
    spawn.mailbox_max = options.mailbox_max;
    spawn.after_burst = [seat = seat.get()] { seat->release(); };
    seat->address = environment.actors.spawn(module.name() + ".reader" + std::to_string(i), std::move(spawn));
    readers->seats_.push_back(std::move(seat));
  }
  return readers;
}

void Readers::submit(Ask ask) {
  Seat& seat = next();
  const bool taken = seat.address.try_post(
      [this, &seat, ask = std::move(ask)]() mutable { ask.answer(answer(seat, ask.parcel())); });
  static_cast<void>(taken);  // an Ask that is dropped answers for itself
}

void Readers::inspect(std::function<void(View&)> read, std::function<void(Status)> done) {
  Seat& seat = next();
  const bool taken = seat.address.try_post([this, &seat, read = std::move(read), done] {
    done(look(seat, [&](View& view) {
      read(view);
      return success();
    }));
  });
  if (!taken) done(Error{Errc::resource_exhausted, "module.not_taken", "busy or closing"});
}

std::size_t Readers::depth() const {
  std::size_t sum = 0;
  for (const auto& seat : seats_) sum += seat->address.depth();
  return sum;
}

void Readers::close() {
  for (const auto& seat : seats_) seat->address.close();
}

Readers::Seat& Readers::next() {
  const std::size_t turn = turn_.fetch_add(1, std::memory_order_relaxed) / in_a_row;
  return *seats_[turn % seats_.size()];
}

Result<Payload> Readers::answer(Seat& seat, const message::Parcel& parcel) const {
  if (resilience::is_expired(parcel.envelope.deadline, environment_.clock.now())) {
    return Error{Errc::deadline_exceeded, "message.expired", "not started"};
  }
  const Span span{parcel, environment_};
  auto answered =
      answer(seat, parcel, {parcel.envelope, age_.now(environment_.clock), environment_.ids, span.context()});
  span.end(log_, answered.ok() ? success() : Status{answered.error()});
  return answered;
}

Result<Payload> Readers::answer(Seat& seat, const message::Parcel& parcel, const Context& context) const {
  const QueryHandler& handler = module_.queries().at(&parcel.payload.type());
  std::optional<Payload> answer;
  const Status status = look(seat, [&](View& view) -> Status {
    auto outcome = handler(view, parcel.payload, context);
    if (!outcome.ok()) return outcome.error();
    answer = std::move(outcome).value();
    return success();
  });
  if (!status.ok()) return status.error();
  return std::move(*answer);
}

Status Readers::look(Seat& seat, const std::function<Status(View&)>& read) const {
  Status done = this->read(seat, read);
  state_.read(done);
  return done;
}

Status Readers::read(Seat& seat, const std::function<Status(View&)>& read) const {
  try {
    if (!seat.has_snapshot) {
      if (const Status begun = seat.reader->begin(); !begun.ok()) return begun;
      seat.has_snapshot = true;
    }
    return read(seat.reader->transaction());
  } catch (const store::Failure& failure) {
    seat.release();  // a snapshot that has become too old is none for the next query
    return failure.error();
  } catch (const std::exception& e) {
    return Error{Errc::internal, "module.handler_threw", e.what()};
  } catch (...) {
    return Error{Errc::internal, "module.handler_threw", "not a std::exception"};
  }
}

}  // namespace banyan::module
