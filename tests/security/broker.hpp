#pragma once
#include <string>
#include <vector>

#include "banyan/base/clock.hpp"
#include "banyan/security/credential_folder.hpp"
#include "banyan/testing/nats_server.hpp"
#include "raw_nats.hpp"

/// A nats-server that runs as it is shipped: certificates, configuration, streams and consumers by banyanctl.
class Broker {
 public:
  Broker();

  std::uint16_t port() const noexcept { return server.port(); }
  /// The options that the holder of that certificate connects with.
  RawNats::Files files_of(std::string_view name) const;
  /// A client with the certificate of that name.
  RawNats client(std::string_view name) const { return RawNats{port(), files_of(name)}; }

  /// As banyanctl writes it, but without the users of those names.
  std::string configuration(const std::vector<std::string>& without = {}) const;
  /// As banyanctl writes it for nats-1 of the cluster nats-1, nats-2, whose servers meet at that port.
  std::string configuration_of_a_member(std::uint16_t cluster_port) const;
  /// Has the server read this.
  void reload(const std::string& configuration);
  /// Streams and consumers of all links.
  void provision() const;

  banyan::testing::TemporaryDirectory disk;
  banyan::SystemClock clock;
  banyan::security::CredentialFolder pki{disk.path() + "/pki"};
  banyan::testing::NatsServer server;

 private:
  std::string written(std::vector<std::string> options) const;
  void run(std::vector<std::string> arguments) const;
};
