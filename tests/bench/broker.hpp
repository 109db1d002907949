#pragma once
#include <nats/nats.h>

#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "banyan/base/assert.hpp"
#include "banyan/base/random.hpp"
#include "banyan/nats/connection.hpp"
#include "banyan/security/certificate.hpp"
#include "banyan/telemetry/log_sinks.hpp"
#include "banyan/testing/nats_server.hpp"
#include "banyan/testing/test_ca.hpp"

namespace banyan::bench {

inline void succeed(natsStatus status) { BANYAN_ASSERT(status == NATS_OK); }

struct CloseRaw {
  void operator()(natsConnection* connection) const { natsConnection_Destroy(connection); }
};
using RawConnection = std::unique_ptr<natsConnection, CloseRaw>;

/// A nats-server with TLS on both sides, and who is let in to it.
class Broker {
 public:
  std::unique_ptr<nats::Connection> open(const std::string& name);
  /// The same with bare cnats. `sends_at_once`: what is written is not collected for up to a millisecond.
  RawConnection open_raw(bool sends_at_once) const;

 private:
  static std::string configuration(const testing::TestCa::Files& files);

  SystemClock clock_;
  SystemRandom random_;
  telemetry::CapturedLog lines_;
  telemetry::Log log_{lines_, clock_, "bench", telemetry::Level::error};
  testing::TestCa ca_;
  testing::NatsServer server_{configuration(ca_.issue("nats"))};
  const testing::TestCa::Files files_ = ca_.issue("orders");
  const std::string host_ = security::dns_name("nats");
};

}  // namespace banyan::bench
