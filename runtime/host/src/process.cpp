#include "process.hpp"

#include <algorithm>
#include <utility>

#include "admin.hpp"
#include "banyan/resilience/deadline.hpp"
#include "banyan/store/maintenance.hpp"
#include "banyan/telemetry/names.hpp"
#include "company.hpp"
#include "fault_points.hpp"
#include "health.hpp"
#include "operators_only.hpp"
#include "scrape.hpp"
#include "words.hpp"

namespace banyan::host {
namespace {

telemetry::Level to_level(const std::string& name) {
  for (const auto level : {telemetry::Level::debug, telemetry::Level::info, telemetry::Level::warning,
                           telemetry::Level::error}) {
    if (to_string(level) == name) return level;
  }
  return telemetry::Level::off;
}

actor::System::Options actor_options(const telemetry::Log& log) {
  actor::System::Options options;
  options.on_exception = [&log](std::string_view actor, std::string_view what) {
    log.error("exception in an actor", {{"actor", actor}, {"what", what}});
  };
  return options;
}

Error of_module(const std::string& name, const std::string& directory, const Error& error) {
  return {error.code(), error.reason(), "module " + name + " in " + directory + ": " + error.detail()};
}

}  // namespace

Process::Process(const Settings& settings, const Program& program, telemetry::AsyncLogSink& sink)
    : settings_(settings),
      program_(program),
      faults_(fault_points_from_environment()),
      log_(sink, clock_, program.name, to_level(settings.log_level)),
      actors_(actor_options(log_)) {
  readings_.push_back(metrics_.counter(telemetry::names::log_lines_lost, {},
                                       [&sink] { return static_cast<double>(sink.lost()); }));
  for (const Contract& contract : program.contracts) registry_.add(contract.messages);
}

Process::~Process() { stop(); }

Status Process::start(const std::vector<const Entry*>& entries) {
  if (const Status status = prepare(entries); !status.ok()) return status;
  for (const Entry* entry : entries) {
    if (const Status status = open(*entry); !status.ok()) return status;
  }
  tell_new();
  if (!instances_.empty() && settings_.durability != "full") {
    log_.warning("store.durability is not full: after a power loss the stores have come apart",
                 {{"durability", settings_.durability}});
  }
  if (const Status status = link(); !status.ok()) return status;
  if (const Status status = neighbours_->wait_for_owners(); !status.ok()) return status;
  if (const Status status = serve(); !status.ok()) return stop(), status;
  for (const auto& instance : instances_) instance->start();
  neighbours_->start();
  is_ready_ = true;
  return success();
}

// All that can fail without a trace comes first.
Status Process::prepare(const std::vector<const Entry*>& entries) {
  std::vector<std::string> names;
  for (const Entry* entry : entries) names.push_back(entry->name);
  auto missing = missing_stores(settings_, program_, names);
  if (!missing.ok()) return missing.error();
  new_stores_ = std::move(missing).value();
  for (const std::string& name : names) {
    const Status is_free = store::check_free({.directory = directory_of(name)});
    if (!is_free.ok()) return of_module(name, directory_of(name), is_free.error());
  }
  if (const Status status = claim_ports(); !status.ok()) return status;
  unreached_ = why_alone(settings_, program_, names);
  if (unreached_) log_.warning("alone", {{"cause", *unreached_}});
  neighbours_.emplace(settings_, program_, remote::Environment{clock_, random_, registry_, metrics_, log_});
  return neighbours_->connect(names);
}

Status Process::claim_ports() {
  const auto claim = [](const std::string& text, std::optional<http::Listener>& listener) -> Status {
    const auto address = parse_address(text);
    if (!address.ok()) return address.error();
    auto opened = http::Listener::open(address.value().host, address.value().port);
    if (!opened.ok()) return opened.error();
    listener.emplace(std::move(opened).value());
    return success();
  };
  if (program_.is_gateway) {
    if (const Status status = claim(settings_.listen, listener_); !status.ok()) return status;
  }
  return claim(settings_.admin_listen, admin_listener_);
}

// Either it is the first start, or somebody has mistyped the folder: then nothing else would tell.
void Process::tell_new() {
  if (new_stores_.empty()) return;
  std::vector<std::string> known;
  for (const Contract& contract : program_.contracts) known.push_back(contract.name);
  std::vector<std::string> others = present_stores(settings_, known);
  std::erase_if(others, [this](const std::string& name) {
    return std::find(new_stores_.begin(), new_stores_.end(), name) != new_stores_.end();
  });
  log_.warning(
      "new stores",
      {{"folder", folder()},
       {"modules", joined(new_stores_, " ")},
       {"stores_before", joined(others, " ")},
       {"next", "if they should have been there: stop, and start with the --data-dir that has them"}});
}

std::string Process::directory_of(const std::string& module) const {
  return settings_.data_dir + "/" + module;
}

Status Process::open(const Entry& entry) {
  const std::string directory = directory_of(entry.name);
  const module::Module module = entry.make({directory});
  module::InstanceOptions options = settings_.module;
  options.store.directory = directory;
  options.store.durability =
      settings_.durability == "full" ? store::Durability::full : store::Durability::normal;
  auto instance = module::Instance::open(
      module, {actors_, clock_, random_, ids_, *faults_, registry_, metrics_, log_}, std::move(options));
  if (!instance.ok()) return of_module(entry.name, directory, instance.error());
  instances_.push_back(std::move(instance).value());
  add_readings(metrics_, *instances_.back(), readings_);
  log_.info("module opened", {{"name", entry.name}, {"directory", directory}});
  return success();
}

// Everybody here is a subscriber of everybody: commands and replies can go from any module to any other, and
// events go to those who handle them. A link without traffic costs nothing.
Status Process::link() {
  for (const auto& producer : instances_) {
    for (const auto& subscriber : instances_) {
      producer->feeds(module::interest_of(subscriber->definition(), producer->definition()),
                      subscriber->subscriber());
      subscriber->listens_to(producer->definition().name(), producer->publisher());
    }
  }
  return neighbours_->link(instances());
}

Status Process::serve() {
  admin_ = std::make_unique<gateway::Gateway>(std::vector<gateway::Service>{}, admin_pages(), clock_, random_,
                                              ids_, metrics_, log_, settings_.gateway);
  if (program_.is_gateway) {
    gateway::GatewayOptions options = settings_.gateway;
    options.trusted_peers = http::Networks::parse(settings_.trusted_peers).value();
    gateway_ = std::make_unique<gateway::Gateway>(services(), public_pages(), clock_, random_, ids_, metrics_,
                                                  log_, std::move(options));
    if (const Status status = listen(*gateway_, "http", listener_, server_); !status.ok()) return status;
  }
  return listen(*admin_, "admin", admin_listener_, admin_server_);
}

// The modules of this process, and those that can be reached.
std::vector<gateway::Service> Process::services() {
  std::vector<gateway::Service> services;
  for (const Contract& contract : program_.contracts) {
    if (contract.http == nullptr) continue;
    gateway::Service service = service_of(contract);
    if (service.endpoint != nullptr) services.push_back(std::move(service));
  }
  return services;
}

gateway::Service Process::service_of(const Contract& contract) {
  for (const auto& instance : instances_) {
    if (instance->definition().name() == contract.name) return {contract.http, &instance->endpoint()};
  }
  resilience::Guarded* remote = neighbours_->endpoint_of(contract.name);
  if (remote == nullptr) return {};
  return {contract.http, remote, [remote] { return remote->describe().refused_for; }};
}

Status Process::listen(http::Handler& handler, const std::string& name,
                       std::optional<http::Listener>& listener, std::unique_ptr<http::Server>& server) {
  http::Server::Options options = settings_.http;
  options.proxies = http::Networks::parse(settings_.trusted_peers).value();
  server = std::make_unique<http::Server>(handler, clock_, std::move(options));
  readings_.push_back(
      metrics_.counter(telemetry::names::http_connections_refused, {{"listener", name}},
                       [&server] { return static_cast<double>(server->connections_refused()); }));
  return server->start(*std::exchange(listener, std::nullopt));
}

Instances Process::instances() const {
  Instances all;
  for (const auto& instance : instances_) all.push_back(instance.get());
  return all;
}

std::vector<gateway::Page> Process::public_pages() {
  std::vector<gateway::Page> pages = health_pages(
      {instances(), [this] { return neighbours_->health(); }, [this] { return hindrances(); }, is_ready_});
  pages.push_back(scrape_page(metrics_, instances()));
  return pages;
}

std::vector<std::string> Process::hindrances() const {
  std::vector<std::string> all;
  if (unreached_) all.push_back(*unreached_);
  for (const NeighbourHealth& neighbour : neighbours_->health()) {
    if (!neighbour.owner || !neighbour.owner->other) continue;
    const bool has_yielded = neighbour.owner->self.state == OwnerCard::State::yielded;
    all.push_back("module " + neighbour.identity +
                  " has two processes: " + place_of(*neighbour.owner->other) + ", and this one, " +
                  place_of(neighbour.owner->self) + (has_yielded ? ", which has yielded" : ", which serves") +
                  "; next: stop the one whose data folder is wrong, and start the other one again if it has "
                  "yielded");
  }
  return all;
}

std::vector<gateway::Page> Process::admin_pages() {
  std::vector<gateway::Page> all = parked_pages(instances());
  for (gateway::Page& page : rewind_pages(instances())) all.push_back(std::move(page));
  all.push_back(saga_page(instances()));
  all = operators_only(std::move(all), settings_.admin_names);
  for (gateway::Page& page : public_pages()) all.push_back(std::move(page));
  return all;
}

void Process::reload() { neighbours_->reload(); }

void Process::stop() {
  if (is_ready_.exchange(false)) log_.info("stopping");
  const Instant end = clock_.now() + settings_.shutdown_budget;
  const auto left = [&] { return resilience::remaining(end, clock_.now()); };
  if (server_) server_->drain(left());
  if (admin_server_) admin_server_->drain(left());
  readings_.clear();
  server_.reset();
  admin_server_.reset();
  if (neighbours_) neighbours_->drain(left());
  for (const auto& instance : instances_) {
    instance->stop();
    if (!instance->closed().ok()) closed_ = instance->closed();
  }
  if (neighbours_) neighbours_->close();
  neighbours_.reset();  // with the calls that it still has, which the gateway made
  gateway_.reset();
  admin_.reset();
  instances_.clear();
}

std::optional<std::string> Process::url() const {
  if (!server_) return std::nullopt;
  return to_url({parse_address(settings_.listen).value().host, server_->port()});
}

std::string Process::admin_url() const {
  return to_url({parse_address(settings_.admin_listen).value().host, admin_server_->port()});
}

std::vector<std::string> Process::modules() const {
  std::vector<std::string> names;
  for (const auto& instance : instances_) names.push_back(instance->definition().name());
  return names;
}

}  // namespace banyan::host
