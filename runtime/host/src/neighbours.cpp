#include "neighbours.hpp"

#include "banyan/security/certificate.hpp"
#include "banyan/security/credential_folder.hpp"
#include "service_account.hpp"

namespace banyan::host {
namespace {

/// Stands in for a module that runs nowhere yet. Its link never starts: the rows stay in the outbox.
class Absent final : public delivery::Subscriber {
 public:
  void deliver(delivery::Batch) override {}
};

Absent absent;

nats::ConnectionOptions options_of(const Settings& settings, const std::string& identity) {
  const security::CredentialFolder pki{settings.nats_pki};
  return {.name = identity,
          .url = settings.nats_url,
          .tls = nats::TlsFiles{.ca = pki.authority_file(),
                                .certificate = pki.file_of(identity),
                                .key = pki.file_of(identity)},
          .expected_host = security::dns_name(settings.nats_server_name),
          .inbox_prefix = "_INBOX_" + identity};
}

/// A certificate that is for somebody else, or for nobody any more, is found before the broker refuses it.
Status check_own(const Settings& settings, const std::string& identity, Timestamp now) {
  const auto own = security::CredentialFolder{settings.nats_pki}.check(identity, now);
  return own.ok() ? success() : Status{own.error()};
}

Error with_advice(const Error& error, const std::string& command) {
  return {error.code(), error.reason(), error.detail() + "; next: " + command};
}

Result<std::unique_ptr<ServiceAccount>> open_account(const Settings& settings, const std::string& identity,
                                                     const remote::Environment& environment) {
  if (settings.nats_keys.empty()) {
    return Error{
        Errc::invalid_argument, "host.no_keys",
        "nats.keys names no folder; next: banyanctl keys init --dir keys, and start with --keys keys"};
  }
  auto account = ServiceAccount::open(identity, settings.nats_keys, environment.clock, environment.random);
  if (account.ok()) return account;
  return with_advice(account.error(), "banyanctl keys init --dir " + settings.nats_keys);
}

remote::BusOptions bus_options(ServiceAccount& account) {
  return {.credentials = [&account](std::string_view callee) { return account.authorization_for(callee); },
          .verifier = [&account](std::string_view authorization) { return account.caller_of(authorization); },
          .version = BANYAN_VERSION};
}

}  // namespace

/// An identity's connection and what goes over it.
struct Neighbours::Line {
  std::string identity;
  std::unique_ptr<ServiceAccount> account;
  std::unique_ptr<nats::Connection> connection;
  std::unique_ptr<remote::Bus> bus;
};

Neighbours::Neighbours(const Settings& settings, const Program& program,
                       const remote::Environment& environment)
    : settings_(settings), program_(program), environment_(environment) {}

Neighbours::~Neighbours() { close(); }

Status Neighbours::link(const Instances& instances) {
  for (const module::Instance* instance : instances) here_.insert(instance->definition().name());
  for (module::Instance* instance : instances) {
    if (!are_reachable()) {
      keep_for_later(*instance);
      continue;
    }
    const auto line = connect(instance->definition().name());
    if (!line.ok()) return line.error();
    if (const Status linked = line.value()->bus->link(*instance, here_); !linked.ok()) return linked;
  }
  if (!are_reachable() || !program_.is_gateway) return success();
  const auto line = connect(std::string{gateway_identity});
  if (!line.ok()) return line.error();
  gateway_ = line.value();
  return success();
}

Result<Neighbours::Line*> Neighbours::connect(const std::string& identity) {
  const std::string to_certify = "banyanctl pki issue " + identity + " --dir " + settings_.nats_pki;
  if (const Status own = check_own(settings_, identity, environment_.clock.now()); !own.ok()) {
    return with_advice(own.error(), to_certify);
  }
  auto account = open_account(settings_, identity, environment_);
  if (!account.ok()) return account.error();
  auto connection = nats::Connection::open(options_of(settings_, identity), environment_.clock,
                                           environment_.random, environment_.log);
  if (!connection.ok()) return with_advice(connection.error(), to_certify);
  auto bus = std::make_unique<remote::Bus>(identity, *connection.value(), program_.topology, environment_,
                                           bus_options(*account.value()));
  lines_.push_back(std::make_unique<Line>(
      Line{identity, std::move(account).value(), std::move(connection).value(), std::move(bus)}));
  return lines_.back().get();
}

void Neighbours::keep_for_later(module::Instance& instance) {
  for (const message::Edge& edge : program_.topology) {
    if (edge.from != instance.definition().name() || edge.messages.empty()) continue;
    if (here_.contains(edge.to)) continue;
    instance.feeds({.subscriber = std::string{edge.to}}, absent);
  }
}

message::Endpoint* Neighbours::endpoint_of(const std::string& module) {
  return gateway_ == nullptr ? nullptr : &gateway_->bus->endpoint_of(module);
}

void Neighbours::start() {
  for (const auto& line : lines_) line->bus->start();
}

void Neighbours::stop() {
  for (const auto& line : lines_) line->bus->stop();
}

void Neighbours::close() {
  for (const auto& line : lines_) line->connection->close();
}

std::vector<NeighbourHealth> Neighbours::health() const {
  std::vector<NeighbourHealth> all;
  for (const auto& line : lines_) all.push_back({line->identity, line->bus->health()});
  return all;
}

}  // namespace banyan::host
