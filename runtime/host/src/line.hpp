#pragma once
#include <atomic>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "banyan/module/instance.hpp"
#include "banyan/nats/connection.hpp"
#include "banyan/remote/bus.hpp"
#include "certificate_watch.hpp"
#include "owner_desk.hpp"
#include "service_account.hpp"
#include "settings.hpp"

namespace banyan::host {

/// One identity of this process among the others: a module, or the gateway. Its certificate, its service
/// account, its connection, and what goes over that. New certificates are used without a restart: at once
/// when it is told, by itself within a minute. New keys are used by themselves within seconds.
///
/// Threads: one, but for bus(), reload() and reaches_others(). Lifetime: ends before the instance that it
/// links.
class Line {
 public:
  /// All of them live longer. Errors: those of CertificateWatch::take, ServiceAccount::open and
  /// nats::Connection::open, with the next command to type; invalid_argument "host.no_keys".
  static Result<std::unique_ptr<Line>> open(const std::string& identity, const Settings& settings,
                                            std::span<const message::Edge> topology,
                                            const remote::Environment& environment);
  ~Line();

  const std::string& identity() const noexcept { return identity_; }
  remote::Bus& bus() noexcept { return *bus_; }
  nats::Connection& connection() noexcept { return *connection_; }

  /// False while the broker is away, and then until the others have had time to come back to it, too.
  bool reaches_others() const noexcept;

  /// Before start(), once: `instance` has the store of this identity's module. It is served from start() on
  /// and as soon as no other process serves the module; if one does, the instance yields. Asks at once.
  /// Errors: those of remote::Bus::link.
  Status link(module::Instance& instance, const std::set<std::string, std::less<>>& here, OwnerCard self,
              const OwnerOptions& options, const remote::Environment& environment);
  /// Waits until it is decided whether this process serves the module, but not for a broker that is not
  /// reached within that time. Nothing for the gateway.
  std::optional<OwnerHealth> wait_for_owner(Duration connect_patience);
  std::optional<OwnerHealth> owner() const;

  void start();
  /// Reads the certificate's files again.
  void reload();
  void close();

 private:
  Line(std::string identity, const Settings& settings, const remote::Environment& environment);
  Status connect(const Settings& settings, std::span<const message::Edge> topology,
                 const remote::Environment& environment);
  void begin();
  void look();

  const std::string identity_;
  const Clock& clock_;
  const telemetry::Log log_;
  CertificateWatch certificate_;
  std::unique_ptr<ServiceAccount> account_;
  std::atomic<Instant> connected_at_ = Instant::max();
  std::unique_ptr<nats::Connection> connection_;
  std::unique_ptr<remote::Bus> bus_;
  std::unique_ptr<OwnerDesk> desk_;  // of a module
  bool is_started_ = false;          // of the loop
  bool is_admitted_ = false;         // of the loop
  telemetry::Registry::Registration reading_;
};

}  // namespace banyan::host
