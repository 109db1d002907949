#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "banyan/message/context.hpp"
#include "banyan/message/descriptor.hpp"
#include "banyan/message/envelope.hpp"
#include "banyan/store/transaction.hpp"

namespace banyan::delivery {

/// Where a durable command goes and what it brings back.
struct Addressing {
  std::string destination = {};  ///< The module; empty for an event.
  std::string reply_to = {};     ///< Echoed in the reply; empty: no reply is wanted.
  Instant deadline = no_deadline;
  std::string key = {};       ///< Empty: the payload's own.
  Timestamp not_before = {};  ///< Later than now: a durable timer keeps it until then.
};

/// The longest payload that travels, as JSON. What is emitted must get through whatever carries it: a row
/// that does not would hold up all behind it.
constexpr std::size_t payload_bytes_max = std::size_t{1} << 20;
/// The longest key, which is a header: of each byte three may become, and 8 KiB is the longest that is read.
constexpr std::size_t key_bytes_max = 2 << 10;

/// A message that a handler has emitted and nobody has seen yet.
struct Emission {
  explicit Emission(message::ParcelPtr emitted, Timestamp not_before = {});

  message::ParcelPtr parcel;
  Timestamp not_before;
  std::string payload;  ///< As JSON; empty for what stays in the module and is seen at once.
};

/// The messages that the handlers of one open transaction have emitted, in order.
using Emissions = std::vector<Emission>;

/// An event of another module that a handler has not heard, though it may be on its way.
struct Awaited {
  const message::Descriptor* event;
  std::string key;  ///< The event's partition key.
};

/// All that a handler can do to the world: change its module's tables and emit messages, in one transaction.
/// There is no way to send anything before the commit. Valid during the handler's call; one thread.
class Tx : public store::Transaction {
 public:
  /// `awaited`: where unless_told() notes what it is given; nowhere if nobody would wait for it.
  Tx(const store::Transaction& transaction, Emissions& emissions, std::string_view module,
     const message::Context& context, std::optional<Awaited>* awaited = nullptr)
      : store::Transaction(transaction),
        emissions_(emissions),
        module_(module),
        context_(context),
        awaited_(awaited) {}

  /// Emits an event.
  template <message::Message E>
  void publish(E event) {
    emit(message::Payload::of(std::move(event)), {});
  }

  /// Emits a durable command to the module whose contract declares it; it wants no reply.
  template <message::Message C>
  void send(C command) {
    emit(message::Payload::of(std::move(command)), {.destination = std::string{C::descriptor().module}});
  }

  /// The same, not before `time`.
  template <message::Message C>
  void send_at(Timestamp time, C command) {
    emit(message::Payload::of(std::move(command)),
         {.destination = std::string{C::descriptor().module}, .not_before = time});
  }

  /// For a command's refusal that rests on this module's copy of another's data, which may be late:
  ///
  ///   return tx.unless_told<users::CustomerRegistered>(to_string(id), reject(unknown_customer));
  ///
  /// Returns `refusal`. A request (not a durable command) is then held for a while, and carried out anew when
  /// an event of type E, which the module listens to, has arrived with `key` as its partition key; without it
  /// the refusal stands. Nothing of the first attempt stays in either case.
  template <message::Message E>
  Error unless_told(std::string key, Error refusal) {
    if (awaited_ != nullptr) *awaited_ = {&E::descriptor(), std::move(key)};
    return refusal;
  }

  /// The base of the other calls. Returns the message's id. Throws store::Failure: invalid_argument
  /// "message.too_large" above payload_bytes_max or key_bytes_max.
  Uuid emit(message::Payload payload, Addressing addressing);

  const message::Context& context() const noexcept { return context_; }

 private:
  Emissions& emissions_;
  std::string_view module_;
  const message::Context& context_;
  std::optional<Awaited>* awaited_;
};

}  // namespace banyan::delivery
