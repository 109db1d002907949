#pragma once
#include <nats/nats.h>

#include <functional>
#include <memory>
#include <string>

#include "banyan/nats/connection.hpp"

// The library exports these, but its header doesn't declare them.
extern "C" {
void natsMsg_free(void* message);
// The only way to see for which request nobody listens: natsSubscription_NextMsg() drops that message and
// tells nothing of it but its kind.
void natsConn_setFilterWithClosure(natsConnection* connection,
                                   void (*filter)(natsConnection*, natsMsg**, void*), void* closure);
}

namespace banyan::nats {

/// Callbacks of cnats when it wants to read or write, for one connection. Must outlive it.
struct Wiring {
  int socket = -1;
  std::function<void()> stop_polling;  ///< On the thread that closes the connection.
  std::function<void()> want_write;    ///< From any thread.
};

struct CloseConnection {
  void operator()(natsConnection* connection) const { natsConnection_Destroy(connection); }
};
using ConnectionHandle = std::unique_ptr<natsConnection, CloseConnection>;

struct DestroyOptions {
  void operator()(natsOptions* options) const { natsOptions_Destroy(options); }
};
using OptionsHandle = std::unique_ptr<natsOptions, DestroyOptions>;

/// At once. natsMsg_Destroy() hands it to a thread of cnats', and waking that costs more than all else that
/// is done for a message.
struct FreeMessage {
  void operator()(natsMsg* message) const { natsMsg_free(message); }
};
using MessageHandle = std::unique_ptr<natsMsg, FreeMessage>;

/// The status and what cnats remembers about the last failure on this thread.
std::string describe(natsStatus status);

/// cnats' options for one connection that is driven by `wiring`.
/// Errors: invalid_argument "nats.bad_certificate", "nats.bad_options".
Result<OptionsHandle> make_options(const ConnectionOptions& options, const std::string& url, Wiring& wiring);

/// Copies it out of cnats.
Message to_message(natsMsg& message);

}  // namespace banyan::nats
