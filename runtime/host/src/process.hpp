#pragma once
#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "banyan/actor/system.hpp"
#include "banyan/base/clock.hpp"
#include "banyan/base/fault.hpp"
#include "banyan/base/random.hpp"
#include "banyan/base/uuid.hpp"
#include "banyan/gateway/gateway.hpp"
#include "banyan/host/host.hpp"
#include "banyan/http/server.hpp"
#include "banyan/message/registry.hpp"
#include "banyan/module/instance.hpp"
#include "banyan/telemetry/log.hpp"
#include "banyan/telemetry/log_sinks.hpp"
#include "banyan/telemetry/metrics.hpp"
#include "banyan/telemetry/process_metrics.hpp"
#include "health.hpp"
#include "settings.hpp"

namespace banyan::host {

/// Modules, the links between them, and the two HTTP servers in front of them: everything that one process
/// runs. Threads: one; stop() may come from another.
class Process {
 public:
  /// `log` lives longer.
  Process(const Settings& settings, telemetry::AsyncLogSink& sink);
  ~Process();

  /// Opens stores, links modules, listens. On an error nothing listens.
  Status start(const std::vector<const Entry*>& entries);
  /// Stops listening, finishes requests within the budget, then what the modules have begun.
  void stop();

  std::string url() const;
  std::string admin_url() const;
  std::vector<std::string> modules() const;

 private:
  Status open(const Entry& entry);
  void link();
  Status serve();
  Instances instances() const;
  std::vector<gateway::Page> public_pages();
  std::vector<gateway::Page> admin_pages();

  const Settings& settings_;
  SystemClock clock_;
  SystemRandom random_;
  IdSource ids_{clock_, random_};
  std::unique_ptr<Faults> faults_;
  message::Registry registry_;
  telemetry::Registry metrics_;
  telemetry::ProcessMetrics process_metrics_{metrics_};
  telemetry::Log log_;
  actor::System actors_;
  std::vector<std::unique_ptr<module::Instance>> instances_;
  std::vector<telemetry::Registry::Registration> readings_;
  std::unique_ptr<gateway::Gateway> gateway_;
  std::unique_ptr<gateway::Gateway> admin_;
  std::unique_ptr<http::Server> server_;
  std::unique_ptr<http::Server> admin_server_;
  std::atomic<bool> is_ready_ = false;
};

}  // namespace banyan::host
