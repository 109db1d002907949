#pragma once
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "banyan/nats/connection.hpp"
#include "banyan/remote/bus.hpp"
#include "owner_watch.hpp"

namespace banyan::host {

/// Whether a process serves a module, as health tells it.
struct OwnerHealth {
  OwnerCard self;
  std::optional<OwnerCard> other;  ///< Serves it too, or has: somebody has to stop one of the two.
};

/// Carries what an OwnerWatch asks and tells between the processes of one module: questions on
/// `own.<module>.who`, cards on `own.<module>.here`, in the module's own account.
///
/// Threads: start() once, from any; wait() and health() are safe; handlers are called on the loop.
/// Lifetime: ends after its connection was closed.
class OwnerDesk final : private OwnerPort {
 public:
  struct Handlers {
    std::function<void()> on_admitted;                 ///< At most once.
    std::function<void(const OwnerCard&)> on_yielded;  ///< At most once, for good.
  };

  OwnerDesk(std::string module, OwnerCard self, const OwnerOptions& options, nats::Connection& connection,
            const remote::Environment& environment, Handlers handlers);

  void start();
  /// Waits until it is decided whether this process may serve. Gives up, undecided, if the broker is not
  /// reached within `connect_patience`: then it is decided later, by a handler.
  OwnerHealth wait(Duration connect_patience);
  OwnerHealth health() const;

 private:
  void on_state(nats::State state);
  void on_question(const nats::Message& message);
  void on_card(const nats::Message& message);
  void keep_ticking();
  void note();

  void ask(std::uint64_t question) override;
  void listen() override;
  void tell(const OwnerCard& self) override;
  void admit() override;
  void yield(const OwnerCard& to) override;
  void alarm(const OwnerCard& other) override;
  void all_clear() override;

  const std::string module_;
  const OwnerOptions options_;
  nats::Connection& connection_;
  const Clock& clock_;
  const telemetry::Log log_;
  const Handlers handlers_;
  OwnerWatch watch_;                   // of the loop
  std::optional<Instant> refused_at_;  // the last time that the log told of another one that asked

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  OwnerHealth health_;          // guarded by mutex_
  bool was_connected_ = false;  // guarded by mutex_
  telemetry::Registry::Registration reading_;
};

}  // namespace banyan::host
