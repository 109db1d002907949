#pragma once
#include <atomic>
#include <memory>
#include <optional>
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
#include "folder_check.hpp"
#include "neighbours.hpp"
#include "settings.hpp"

namespace banyan::host {

/// Modules, the links between them, and the two HTTP servers in front of them: everything that one process
/// runs. Threads: one; stop() may come from another.
class Process {
 public:
  /// All three live longer.
  Process(const Settings& settings, const Program& program, telemetry::AsyncLogSink& sink);
  ~Process();

  /// Claims ports and connections, opens stores, links modules, serves. On an error nothing listens, and if
  /// it is one of settings, ports, certificates, keys or the data folder, nothing was made on the disk.
  Status start(const std::vector<const Entry*>& entries);
  /// Uses new certificates, if there are any. Connections go on.
  void reload();
  /// Stops listening, finishes requests within the budget, then what the modules have begun.
  void stop();
  /// After the stop. Errors: those of module::Instance::closed() of one of its modules.
  const Status& closed() const noexcept { return closed_; }

  /// Nothing if the program is no gateway.
  std::optional<std::string> url() const;
  std::string admin_url() const;
  std::vector<std::string> modules() const;
  /// The modules whose stores were not there, and were made.
  const std::vector<std::string>& new_stores() const noexcept { return new_stores_; }
  /// The data folder, absolute.
  std::string folder() const { return whole_path(settings_.data_dir); }
  /// Why it is alone without wanting it; nothing if it is not.
  const std::optional<std::string>& unreached() const noexcept { return unreached_; }

 private:
  Status prepare(const std::vector<const Entry*>& entries);
  Status claim_ports();
  Status open(const Entry& entry);
  void tell_new();
  Status link();
  Status serve();
  std::vector<gateway::Service> services();
  gateway::Service service_of(const Contract& contract);
  Status listen(http::Handler& handler, const std::string& name, std::optional<http::Listener>& listener,
                std::unique_ptr<http::Server>& server);
  Instances instances() const;
  std::string directory_of(const std::string& module) const;
  /// Why it takes no work although its modules could.
  std::vector<std::string> hindrances() const;
  std::vector<gateway::Page> public_pages();
  std::vector<gateway::Page> admin_pages();

  const Settings& settings_;
  const Program& program_;
  SystemClock clock_;
  SystemRandom random_;
  IdSource ids_{clock_, random_};
  std::unique_ptr<Faults> faults_;
  message::Registry registry_;
  telemetry::Registry metrics_;
  telemetry::ProcessMetrics process_metrics_{metrics_};
  telemetry::Log log_;
  actor::System actors_;
  std::optional<http::Listener> listener_;
  std::optional<http::Listener> admin_listener_;
  std::vector<std::string> new_stores_;
  std::optional<std::string> unreached_;
  std::vector<std::unique_ptr<module::Instance>> instances_;
  std::optional<Neighbours> neighbours_;
  std::vector<telemetry::Registry::Registration> readings_;
  std::unique_ptr<gateway::Gateway> gateway_;
  std::unique_ptr<gateway::Gateway> admin_;
  std::unique_ptr<http::Server> server_;
  std::unique_ptr<http::Server> admin_server_;
  std::atomic<bool> is_ready_ = false;
  Status closed_ = success();
};

}  // namespace banyan::host
