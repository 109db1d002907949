#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "banyan/base/clock.hpp"
#include "banyan/base/random.hpp"
#include "banyan/base/result.hpp"
#include "banyan/nats/message.hpp"
#include "banyan/nats/subject.hpp"
#include "banyan/telemetry/log.hpp"

namespace banyan::nats {

enum class State : std::uint8_t {
  connecting,    ///< Not connected yet.
  connected,     ///< Messages that are published now are sent.
  disconnected,  ///< Was connected, and tries to be again.
  closed,        ///< For good.
};

std::string_view to_string(State state) noexcept;

/// Paths of PEM files: who may have signed the server's certificate, and who this process is.
struct TlsFiles {
  std::string ca;
  std::string certificate;
  std::string key;
};

struct ConnectionOptions {
  std::string name;  ///< Shown in the server's monitoring. A token.
  /// One server, or several of a cluster separated by commas, which are tried in turn.
  std::string url = "nats://127.0.0.1:4222";
  std::optional<TlsFiles> tls;  ///< With it nothing but TLS 1.2 or newer is spoken.
  std::string expected_host;    ///< The name that the server's certificate must have. Needed with tls.
  std::string inbox_prefix = "_INBOX";  ///< Answers come below it. A token that begins like this.

  Duration connect_timeout = std::chrono::seconds{5};      ///< For one attempt.
  Duration reconnect_min = std::chrono::milliseconds{50};  ///< Before the second attempt; then it doubles,
  Duration reconnect_max = std::chrono::seconds{2};        ///< up to this, and is cut by chance up to half.
  std::size_t pending_max =
      std::size_t{16} * 1024 * 1024;  ///< Bytes that wait to be written; then "nats.full".
  std::size_t requests_max = 65'536;  ///< Unanswered; then "nats.full".
};

/// Whether a connection can be opened to that `ConnectionOptions::url`; whether anybody is there is another
/// question. Errors: invalid_argument "nats.bad_options".
Status check_url(std::string_view url);

/// The server's description of itself. Empty before the first connection.
struct ServerFacts {
  std::string version;
  std::size_t payload_max = 0;  ///< Bytes of headers and data of one message.
  bool has_jetstream = false;
};

/// One connection to NATS, which comes back by itself, for ever: a server that isn't there yet, or no longer,
/// is a state and not an error. Nothing is kept for later meanwhile: what can't be sent is refused at once.
///
/// Threads: every function may be called from any thread, and returns at once (but close()). All callbacks
/// come on one thread, the loop, which belongs to this connection; they must neither block nor throw. What
/// other threads hand over is written as one batch for one wake-up, in the order in which it was handed over.
/// Lifetime: what callbacks refer to must live until close() has returned. clock, random and the log's sink
/// must live longer.
class Connection {
 public:
  using OnMessage = std::function<void(Message)>;
  using OnAnswer = std::function<void(Result<Message>)>;
  /// An inbox of its own, see open_inbox().
  using Inbox = std::uint32_t;

  /// Begins to connect; does not wait for it.
  /// Errors: invalid_argument "nats.bad_options" (the detail says which), "nats.bad_certificate": a file is
  /// missing, is not PEM, or the key is not the certificate's.
  static Result<std::unique_ptr<Connection>> open(ConnectionOptions options, const Clock& clock,
                                                  Random& random, telemetry::Log log);
  /// As close().
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Sends, at most once: nobody may listen, and what was handed over when the connection is lost is lost
  /// too. `reply`, if not empty, must be a subject. Errors, each without anything sent:
  ///  - unavailable        "nats.disconnected", "nats.closed"
  ///  - resource_exhausted "nats.full": pending_max is reached; the server reads too slowly.
  ///  - invalid_argument   "nats.bad_header", "nats.bad_subject" (reply), "nats.too_large" (for the server).
  Status publish(const Subject& subject, Headers headers, std::string data, std::string reply = {});

  /// Publishes, and calls `done` exactly once, with the first answer or with an error: those of publish(),
  /// and
  ///  - unavailable       "nats.no_responders": nobody listens there. Certainly not done.
  ///  - deadline_exceeded "nats.timeout": no answer in time. It MAY have been done.
  ///  - unavailable       "nats.lost": sent, then the connection was lost. It MAY have been done.
  void request(const Subject& subject, Headers headers, std::string data, Duration timeout, OnAnswer done);

  /// Publishes the answer to `request`, if that comes to an inbox: a malicious requester may have named any
  /// other subject that this process may send to. Errors: those of publish(); invalid_argument
  /// "nats.bad_subject" also if no answer is expected.
  Status respond(const Message& request, Headers headers, std::string data);

  /// Listens from now on, and again after each reconnect; what is sent in between is missed. Of all that name
  /// the same queue group (a token; empty: none) one gets each message. While certificates are reloaded, a
  /// subscription without a group may see a message twice. Errors: invalid_argument "nats.bad_subject".
  Status subscribe(std::string_view pattern, std::string queue_group, OnMessage on_message);

  /// Ends all subscriptions, for good. What the server had sent before still comes; then, or when the
  /// connection is lost, `done` is called, on the loop. Answers to requests, and what comes to inboxes, come
  /// on. At most once.
  void stop_listening(std::function<void()> done);

  /// For requests with more than one answer. Its subject changes with every reconnect; only publish_from()
  /// knows it.
  Inbox open_inbox(OnMessage on_message);
  /// Publishes with `inbox` as where answers go to. They are expected for `linger`: for so long the old
  /// connection stays open when certificates are reloaded. After a reconnect none will come any more.
  /// Errors: those of publish().
  Status publish_from(Inbox inbox, const Subject& subject, Headers headers, std::string data,
                      Duration linger);

  /// Calls with the state as it is, then at every change.
  void on_state(std::function<void(State)> on_state);
  State state() const noexcept;
  /// Why it isn't connected, as far as known: unavailable "nats.unreachable", "nats.refused" (TLS, or not
  /// authorised), "nats.server_too_old".
  std::optional<Error> trouble() const;
  ServerFacts server() const;

  /// Runs on the loop, in order.
  void call_on_loop(std::function<void()> call);
  void call_after(Duration delay, std::function<void()> call);

  /// The files have new content: connects anew with it, moves the subscriptions, lets what is under way on
  /// the old connection end, and closes that. No message is lost, and their order is kept. If it can't
  /// connect anew, it goes on trying, and the old connection stays. Errors: invalid_argument
  /// "nats.bad_certificate": nothing has changed.
  Status reload_certificates();

  /// Writes what was handed over before, and what the calls send that call_on_loop() was given before. Then
  /// requests that are not answered fail, with unavailable "nats.lost" if they were sent and "nats.closed" if
  /// not, and the loop ends. Blocks until no callback runs any more; not from the loop itself.
  void close();

 private:
  class Core;
  explicit Connection(std::shared_ptr<Core> core);
  std::shared_ptr<Core> core_;
};

}  // namespace banyan::nats
