#include "provision_command.hpp"

#include <fmt/format.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <memory>

#include "banyan/base/random.hpp"
#include "banyan/security/credential_folder.hpp"
#include "banyan/telemetry/log_sinks.hpp"
#include "identities.hpp"
#include "provision.hpp"

namespace banyan::ctl {
namespace {

using namespace std::chrono_literals;

constexpr auto pause_before_broker = 200ms;
constexpr auto pause_between_repairs = 2s;
constexpr Duration patience = 10s;  // To reach the server, unless it is to watch.

constexpr int none = -1;

/// SIGINT, SIGTERM and SIGHUP, for as long as this lives, are something to wait for. Made before any other
/// thread.
class Signals {
 public:
  Signals() {
    sigemptyset(&signals_);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&signals_, signal);
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
  }
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  /// The one that has come within that time, or `none`.
  int wait(std::chrono::milliseconds time) const {
    const std::timespec pause{time / 1s, static_cast<long>((time % 1s) / 1ns)};
    return sigtimedwait(&signals_, nullptr, &pause);
  }

 private:
  sigset_t signals_;
};

void say(const std::string& text) {
  fmt::print("{}\n", text);
  std::fflush(stdout);
}

int complain(const Error& error, const std::string& next = {}) {
  fmt::print(stderr, "banyanctl: {}: {}\n", error.reason(), error.detail());
  if (!next.empty()) fmt::print(stderr, "  next: {}\n", next);
  return 1;
}

nats::ConnectionOptions connection_options(const ProvisionOptions& options) {
  const security::CredentialFolder pki{options.pki};
  nats::ConnectionOptions out;
  out.name = "banyanctl";
  out.url = options.url;
  out.tls = nats::TlsFiles{pki.authority_file(), pki.file_of(admin), pki.file_of(admin)};
  out.expected_host = security::dns_name(server);
  out.inbox_prefix = fmt::format("_INBOX_{}", admin);
  return out;
}

/// Makes, then repairs, with what the options say about when to stop.
class Run {
 public:
  Run(nats::Connection& connection, Provisioner provisioner, const Signals& signals, const Clock& clock,
      const ProvisionOptions& options)
      : connection_(connection),
        provisioner_(std::move(provisioner)),
        signals_(signals),
        clock_(clock),
        url_(options.url),
        give_up_at_(options.is_watching ? no_deadline : clock.now() + patience),
        is_watching_(options.is_watching) {}

  int to_the_end() {
    while (true) {
      const Status done = is_made_ ? provisioner_.repair() : provisioner_.make();
      note(done);
      if (is_made_ && !is_watching_) return 0;
      if (!done.ok() && is_hopeless(done.error())) return complain(cause_of(done.error()));
      if (!goes_on(done)) return 0;
    }
  }

 private:
  /// After a pause, unless it is told to end.
  bool goes_on(const Status& done) {
    const bool waits_for_broker = !is_made_ && !done.ok() && is_ambiguous(done.error().code());
    const int signal = signals_.wait(waits_for_broker ? pause_before_broker : pause_between_repairs);
    if (signal == SIGHUP) reload();
    return signal == SIGHUP || signal == none;
  }

  void reload() {
    const Status done = connection_.reload_certificates();
    // It goes on with the certificate that it has.
    done.ok() ? say("certificate read again") : static_cast<void>(complain(done.error()));
  }

  bool is_hopeless(const Error& error) const {
    return !is_watching_ && (!is_retryable(error.code()) || clock_.now() >= give_up_at_);
  }

  /// Without a connection, why there is none.
  Error cause_of(const Error& error) const {
    const auto trouble = connection_.trouble();
    if (!trouble) return error;
    return {trouble->code(), trouble->reason(), fmt::format("{}: {}", url_, trouble->detail())};
  }

  /// Tells what has changed.
  void note(const Status& done) {
    if (!done.ok() && !is_made_ && !connection_.trouble()) return;  // It has just begun to connect.
    if (done.ok() && !is_made_) say("streams and consumers are there");
    if (done.ok() && !trouble_.empty()) say("all is well again");
    is_made_ = is_made_ || done.ok();
    const std::string trouble = done.ok() ? "" : cause_of(done.error()).reason();
    if (is_watching_ && !trouble.empty() && trouble != trouble_) complain(cause_of(done.error()));
    trouble_ = trouble;
  }

  nats::Connection& connection_;
  Provisioner provisioner_;
  const Signals& signals_;
  const Clock& clock_;
  std::string url_;
  Instant give_up_at_;
  bool is_watching_;
  bool is_made_ = false;
  std::string trouble_;
};

}  // namespace

int provision(const ProvisionOptions& options, std::span<const message::Edge> edges, const Clock& clock) {
  const Signals signals;
  const auto own = security::CredentialFolder{options.pki}.check(admin, clock.utc());
  if (!own.ok())
    return complain(own.error(), fmt::format("banyanctl pki issue {} --dir {}", admin, options.pki));
  SystemRandom random;
  const auto sink = telemetry::AsyncLogSink::open({});
  if (!sink.ok()) return complain(sink.error());
  const telemetry::Log log{*sink.value(), clock, "banyanctl", telemetry::Level::error};
  const auto connection = nats::Connection::open(connection_options(options), clock, random, log);
  if (!connection.ok()) return complain(connection.error());
  Provisioner provisioner{*connection.value(), provisions_of(edges, options.stream_max_bytes), say};
  return Run{*connection.value(), std::move(provisioner), signals, clock, options}.to_the_end();
}

}  // namespace banyan::ctl
