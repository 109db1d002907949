#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "accounts.hpp"

namespace banyan::ctl {

/// The settings that differ between one server and another. Paths are written as they are given.
struct ServerOptions {
  std::string name = "nats";  ///< Of the server; in a cluster also whose certificate it shows the others.
  std::string listen = "127.0.0.1:4222";
  std::string pki;        ///< A folder as security::CredentialFolder.
  std::string store_dir;  ///< Where streams are kept.
  std::string store_max = "1GB";
  std::uint16_t monitor_port = 0;         ///< On loopback; 0: no monitoring.
  std::vector<std::string> members = {};  ///< Names of all servers of the cluster; empty: a server alone.
  std::string cluster_listen = "0.0.0.0:6222";
};

/// The configuration of one nats-server (2.9 or newer). Equal input gives equal text.
std::string nats_config(const std::vector<Account>& accounts, const ServerOptions& options);

}  // namespace banyan::ctl
