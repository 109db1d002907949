#include "line.hpp"

#include <algorithm>

#include "banyan/security/certificate.hpp"
#include "banyan/security/credential_folder.hpp"
#include "banyan/telemetry/names.hpp"

namespace banyan::host {
namespace {

constexpr Duration look_period = std::chrono::minutes{1};
// Twice the longest wait of a connection before it is tried again, and some.
constexpr Duration time_to_come_back = std::chrono::seconds{5};

nats::ConnectionOptions connection_options(const Settings& settings, const std::string& identity) {
  const security::CredentialFolder pki{settings.nats_pki};
  return {.name = identity,
          .url = settings.nats_url,
          .tls = nats::TlsFiles{.ca = pki.authority_file(),
                                .certificate = pki.file_of(identity),
                                .key = pki.file_of(identity)},
          .expected_host = security::dns_name(settings.nats_server_name),
          .inbox_prefix = "_INBOX_" + identity};
}

/// A guard decides how long a call may take, and not the line below it.
Duration longest_call(const Settings& settings) {
  Duration longest = remote::BusOptions{}.call_timeout;
  for (const auto& [module, guard] : settings.guards) longest = std::max(longest, guard.timeout);
  return longest;
}

remote::BusOptions bus_options(const Settings& settings, ServiceAccount& account) {
  return {.credentials = [&account](std::string_view callee) { return account.authorization_for(callee); },
          .verifier = [&account](std::string_view authorization) { return account.caller_of(authorization); },
          .signer = [&account](std::string_view statement) { return account.sign(statement); },
          .statement_verifier =
              [&account](std::string_view signature, std::string_view statement) {
                return account.signer_of(signature, statement);
              },
          .call_timeout = longest_call(settings),
          .version = BANYAN_VERSION};
}

Error with_advice(const Error& error, const std::string& command) {
  return {error.code(), error.reason(), error.detail() + "; next: " + command};
}

Result<std::unique_ptr<ServiceAccount>> open_account(const Settings& settings, const std::string& identity,
                                                     const Clock& clock, Random& random) {
  auto account = ServiceAccount::open(identity, settings.nats_keys, clock, random);
  if (account.ok() || account.error().code() != Errc::not_found) return account;
  return with_advice(account.error(), "banyanctl keys init --dir " + settings.nats_keys);
}

/// The description of a module's process that tools see.
remote::Presence presence_of(const OwnerCard& card) {
  return {.log = card.log,
          .facts = {{"log", to_string(card.log)},
                    {"host", card.host},
                    {"pid", std::to_string(card.pid)},
                    {"data_folder", card.folder},
                    {"since", to_rfc3339(card.since)}}};
}

}  // namespace

Result<std::unique_ptr<Line>> Line::open(const std::string& identity, const Settings& settings,
                                         std::span<const message::Edge> topology,
                                         const remote::Environment& environment) {
  std::unique_ptr<Line> line{new Line{identity, settings, environment}};
  const Status connected = line->connect(settings, topology, environment);
  if (!connected.ok()) return connected.error();
  return line;
}

Line::Line(std::string identity, const Settings& settings, const remote::Environment& environment)
    : identity_(std::move(identity)),
      clock_(environment.clock),
      log_(environment.log.for_module(identity_)),
      certificate_(identity_, settings.nats_pki, clock_, log_),
      reading_(environment.metrics.gauge(
          telemetry::names::certificate_expiry, {{"identity", identity_}},
          [this] { return std::chrono::duration<double>{certificate_.left()}.count(); })) {}

Line::~Line() { close(); }

// A certificate that is for somebody else, or for nobody any more, is found before the broker refuses it.
Status Line::connect(const Settings& settings, std::span<const message::Edge> topology,
                     const remote::Environment& environment) {
  const std::string to_certify = "banyanctl pki issue " + identity_ + " --dir " + settings.nats_pki;
  if (const Status own = certificate_.take(); !own.ok()) return with_advice(own.error(), to_certify);
  auto account = open_account(settings, identity_, clock_, environment.random);
  if (!account.ok()) return account.error();
  account_ = std::move(account).value();
  auto connection = nats::Connection::open(connection_options(settings, identity_), environment.clock,
                                           environment.random, environment.log);
  if (!connection.ok()) return with_advice(connection.error(), to_certify);
  connection_ = std::move(connection).value();
  connection_->on_state([this](nats::State state) {
    if (state == nats::State::connected) connected_at_ = clock_.now();
  });
  bus_ = std::make_unique<remote::Bus>(identity_, *connection_, topology, environment,
                                       bus_options(settings, *account_));
  return success();
}

bool Line::reaches_others() const noexcept {
  return connection_->state() == nats::State::connected &&
         clock_.now() - connected_at_.load() >= time_to_come_back;
}

Status Line::link(module::Instance& instance, const std::set<std::string, std::less<>>& here, OwnerCard self,
                  const OwnerOptions& options, const remote::Environment& environment) {
  if (const Status linked = bus_->link(instance, here, presence_of(self)); !linked.ok()) return linked;
  const auto admit = [this] {
    is_admitted_ = true;
    begin();
  };
  const auto yield = [this, &instance](const OwnerCard&) {
    instance.yield();
    bus_->rest();
  };
  desk_ = std::make_unique<OwnerDesk>(identity_, std::move(self), options, *connection_, environment,
                                      OwnerDesk::Handlers{.on_admitted = admit, .on_yielded = yield});
  desk_->start();
  return success();
}

std::optional<OwnerHealth> Line::wait_for_owner(Duration connect_patience) {
  return desk_ ? std::optional{desk_->wait(connect_patience)} : std::nullopt;
}

std::optional<OwnerHealth> Line::owner() const {
  return desk_ ? std::optional{desk_->health()} : std::nullopt;
}

void Line::start() {
  connection_->call_on_loop([this] {
    is_started_ = true;
    begin();
    look();
  });
}

// Both have happened once, in either order.
void Line::begin() {
  if (is_started_ && (is_admitted_ || !desk_)) bus_->start();
}

void Line::reload() {
  Status done = certificate_.take();
  if (done.ok()) done = connection_->reload_certificates();
  if (done.ok()) return log_.info("certificate read again", {{"identity", identity_}});
  log_.error("certificate can't be used; the one before still is", {{"cause", done.error()}});
}

void Line::look() {
  if (certificate_.has_changed()) reload();
  certificate_.warn_if_due();
  connection_->call_after(look_period, [this] { look(); });
}

void Line::close() {
  if (connection_) connection_->close();
}

}  // namespace banyan::host
