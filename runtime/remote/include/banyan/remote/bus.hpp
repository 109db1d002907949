#pragma once
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "banyan/base/clock.hpp"
#include "banyan/base/random.hpp"
#include "banyan/base/result.hpp"
#include "banyan/base/uuid.hpp"
#include "banyan/message/edge.hpp"
#include "banyan/message/endpoint.hpp"
#include "banyan/message/registry.hpp"
#include "banyan/module/participant.hpp"
#include "banyan/nats/connection.hpp"
#include "banyan/remote/health.hpp"
#include "banyan/telemetry/log.hpp"
#include "banyan/telemetry/metrics.hpp"

namespace banyan::remote {

/// The value of the header Authorization for a call to `callee`. Called for each call, on the caller's
/// thread.
using Credentials = std::function<Result<std::string>(std::string_view callee)>;
/// The module that such a value proves to be calling. Called for each call, on the connection's loop: must be
/// quick, so it remembers what it has verified. Its errors go to the caller.
using Verifier = std::function<Result<std::string>(std::string_view authorization)>;

/// A signature of this module for what it says to others. Called on a thread of the module, for at most
/// every 128 messages of a link once.
using Signer = std::function<Result<std::string>(std::string_view statement)>;
/// The module that has signed exactly that. Called on the connection's loop, as often.
using StatementVerifier =
    std::function<Result<std::string>(std::string_view signature, std::string_view statement)>;

/// The services that a process lends to a Bus. Everything outlives it.
struct Environment {
  const Clock& clock;
  Random& random;
  const message::Registry& registry;
  telemetry::Registry& metrics;
  telemetry::Log log;
};

struct BusOptions {
  Credentials credentials = nullptr;  ///< Empty: calls go out without.
  Verifier verifier = nullptr;        ///< Empty: whoever the broker lets through is who it says it is.
  Signer signer = nullptr;            ///< Empty: messages go out without a signature.
  StatementVerifier statement_verifier = nullptr;   ///< Empty: what lies in a producer's stream is its own.
  Duration call_timeout = std::chrono::seconds{5};  ///< Of a call, unless its deadline comes earlier.
  std::size_t window = 1024;                        ///< Publications to the stream that are under way,
  std::size_t window_bytes = 8 << 20;               ///< and their bodies; one goes whatever its size.
  Duration report_delay = std::chrono::milliseconds{100};  ///< So long a confirmation waits for others.
  std::string version = "0.0.0";                           ///< Of the service, as `nats service ls` shows it.
};

/// The facts that a module's process tells its neighbours about itself.
struct Presence {
  Uuid log = {};  ///< Of its store, by which a second store shows. Nil: it is not told.
  std::map<std::string, std::string> facts = {};  ///< For people: the metadata of its NATS service.
};

/// The traffic of one module (or the gateway) with other processes, over its own connection: its calls
/// to them, theirs to it, and the links to and from them. Subjects, streams and consumers are named after the
/// modules; making streams and consumers is not its affair.
///
///   remote::Bus bus{"orders", *connection, shop::topology(), environment, options};
///   bus.link(*orders, {"inventory"});      // inventory is in this process
///   orders->start();
///   bus.start();
///   payments::Client client{bus.endpoint_of("payments")};
///
/// A broker or a neighbour that isn't there is a state: calls are refused, messages wait in the outbox.
///
/// Threads: link() and endpoint_of() belong to one; start() too, or to the loop; health(), stop(), rest() and
/// the endpoints are safe.
/// Lifetime: ends after its connection was closed and before the participant that it links.
class Bus {
 public:
  Bus(std::string self, nats::Connection& connection, std::span<const message::Edge> edges,
      const Environment& environment, BusOptions options);
  ~Bus();

  /// Before it starts, once: links it to all its neighbours but those that are `here`, and will serve it.
  /// Errors: not_found "remote.unknown_type": the registry lacks a type of an edge; invalid_argument
  /// "nats.bad_subject": the name of a module is no token.
  Status link(module::Participant& participant, const std::set<std::string, std::less<>>& here,
              const Presence& presence = {});

  /// Where `self` calls another module. Before start(). Stays valid as long as this. Its errors, besides the
  /// callee's own:
  ///  - unavailable       "remote.no_responders", "remote.disconnected": certainly not done.
  ///  - deadline_exceeded "remote.outcome_unknown": it MAY have been done.
  ///  - internal          "remote.answer_too_large": it was done; the answer is above the broker's limit.
  ///  - deadline_exceeded "message.expired"; rejected "remote.not_allowed" (no edge has this call);
  ///    resource_exhausted "remote.full"; those of the credentials: nothing was sent.
  message::Endpoint& endpoint_of(std::string_view module);

  /// Begins to listen, to send and to report: until then others see nothing of the participant, and it
  /// nothing of them. A call that comes before the participant has started is not taken.
  void start();
  /// Takes nothing more from others: callers are told that nobody serves this, or reach another instance.
  /// Calls that were on the way are still taken.
  void stop();
  /// That, and sends and reports nothing more, for good: another process serves this module.
  void rest();
  /// Calls `done`, on the loop, once nothing is under way: after stop(), every call that came is answered,
  /// and the broker has stored what it was sent. What it can't be sent now is no reason to wait.
  void when_idle(std::function<void()> done);
  /// Tells the producers what is in the database by now, after the instance has stopped.
  void report();
  /// Calls of others that were taken and are not answered yet.
  std::size_t calls_under_way() const noexcept;

  /// As of the last moments.
  Health health() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace banyan::remote
