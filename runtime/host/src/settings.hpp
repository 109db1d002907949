#pragma once
#include <map>
#include <string>
#include <vector>

#include "banyan/config/schema.hpp"
#include "banyan/gateway/gateway.hpp"
#include "banyan/http/server.hpp"
#include "banyan/module/instance.hpp"
#include "banyan/resilience/guarded.hpp"
#include "owner_watch.hpp"

namespace banyan::host {

/// All that a process can be told, with its defaults.
struct Settings {
  std::string data_dir = "data";
  std::vector<std::string> modules = {};  ///< Empty: all that the binary has.
  std::string listen = "127.0.0.1:8080";
  std::string admin_listen = "127.0.0.1:8081";
  std::vector<std::string> admin_names = {};  ///< That administration may be called by, with a dot.
  std::vector<std::string> trusted_peers = {"127.0.0.0/8", "::1"};
  bool standby = false;
  OwnerOptions owner = {};
  std::string create = "missing";  ///< Which stores a start may make: "missing" ones, or "never" any.
  Duration shutdown_budget = std::chrono::seconds{10};
  std::string log_level = "info";
  std::string log_destination = "stderr";
  std::string durability = "full";
  http::Server::Options http = {};
  gateway::GatewayOptions gateway = {};
  module::InstanceOptions module = {};
  std::string nats_url = {};  ///< Empty: nobody is reached. "none": that is wanted.
  std::string nats_pki = {};
  std::string nats_keys = {};
  std::string nats_server_name = "nats";
  std::map<std::string, resilience::GuardOptions, std::less<>> guards = {};  ///< By module that is called.
  std::vector<std::string> command_line =
      {};  ///< As it was started; for messages that tell the next command.

  bool has_broker() const noexcept { return !nats_url.empty() && nats_url != "none"; }
};

/// Declares every setting; `settings` receives the values. `modules` are those that the binary has.
void declare(config::Schema& schema, Settings& settings, std::vector<std::string> modules);

/// Declares for each of those modules how calls to it are kept from doing harm, where it runs elsewhere.
void declare_guards(config::Schema& schema, Settings& settings, const std::vector<std::string>& modules);

/// The settings that do not fit together although each is right by itself, a sentence each with the next
/// step. `has_modules`: the process can run some itself.
std::vector<std::string> contradictions(const Settings& settings, bool has_modules);

/// Where to listen. Only numbers: a name could mean another address tomorrow.
struct Address {
  std::string host;  ///< Without brackets.
  std::uint16_t port = 0;
};
/// Reads "127.0.0.1:8080" or "[::1]:8080". Errors: invalid_argument "host.bad_address".
Result<Address> parse_address(const std::string& text);
/// "http://127.0.0.1:8080", "http://[::1]:8080"
std::string to_url(const Address& address);

}  // namespace banyan::host
