#pragma once
#include <string>
#include <vector>

#include "banyan/base/clock.hpp"
#include "banyan/http/handler.hpp"
#include "banyan/http/server.hpp"
#include "banyan/store/options.hpp"
#include "settings.hpp"

namespace banyan::host {

/// A process that waits until the stores of its modules are free: administration says so meanwhile, and that
/// it takes no work. Threads: one.
class Standby final : private http::Handler {
 public:
  Standby(const Settings& settings, std::vector<store::Options> stores);

  /// success() once nobody has any of the stores. Errors: conflict "store.in_use", the detail says by whom;
  /// unavailable "store.directory".
  Status look() const;
  /// Errors: those of http::Server::start.
  Status listen();
  std::string admin_url() const;

 private:
  void on_request(http::Request request, http::Responder respond) override;

  const Settings& settings_;
  const std::vector<store::Options> stores_;
  const SystemClock clock_;
  http::Server server_;
};

}  // namespace banyan::host
