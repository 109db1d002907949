#pragma once
#include <cstdint>
#include <span>
#include <string>

#include "banyan/base/clock.hpp"
#include "banyan/message/edge.hpp"

namespace banyan::ctl {

struct ProvisionOptions {
  std::string url = "nats://127.0.0.1:4222";
  std::string pki;  ///< A folder with ca.crt and admin.pem.
  std::int64_t stream_max_bytes = 128 << 20;
  bool is_watching = false;
};

/// `banyanctl nats provision`: makes streams and consumers; watching, it goes on to repair them until SIGINT
/// or SIGTERM. Prints what it does. Gives the exit status.
int provision(const ProvisionOptions& options, std::span<const message::Edge> edges, const Clock& clock);

}  // namespace banyan::ctl
