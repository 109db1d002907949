#include "broker.hpp"

namespace banyan::bench {

std::string Broker::configuration(const testing::TestCa::Files& files) {
  return "tls { cert_file: \"" + files.certificate + "\", key_file: \"" + files.key + "\", ca_file: \"" +
         files.ca + "\", verify: true }";
}

std::unique_ptr<nats::Connection> Broker::open(const std::string& name) {
  nats::ConnectionOptions options;
  options.name = name;
  options.url = server_.url();
  options.tls = nats::TlsFiles{files_.ca, files_.certificate, files_.key};
  options.expected_host = host_;
  options.inbox_prefix = "_INBOX_" + name;
  auto opened = nats::Connection::open(options, clock_, random_, log_);
  BANYAN_ASSERT(opened.ok());
  while (opened.value()->state() != nats::State::connected) std::this_thread::yield();
  return std::move(opened).value();
}

RawConnection Broker::open_raw(bool sends_at_once) const {
  natsOptions* options = nullptr;
  succeed(natsOptions_Create(&options));
  succeed(natsOptions_SetURL(options, server_.url().c_str()));
  succeed(natsOptions_SetSecure(options, true));
  succeed(natsOptions_LoadCATrustedCertificates(options, files_.ca.c_str()));
  succeed(natsOptions_LoadCertificatesChain(options, files_.certificate.c_str(), files_.key.c_str()));
  succeed(natsOptions_SetExpectedHostname(options, host_.c_str()));
  succeed(natsOptions_SetSendAsap(options, sends_at_once));
  natsConnection* connection = nullptr;
  succeed(natsConnection_Connect(&connection, options));
  natsOptions_Destroy(options);
  return RawConnection{connection};
}

}  // namespace banyan::bench
