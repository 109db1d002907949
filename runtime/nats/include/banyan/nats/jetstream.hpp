#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "banyan/base/clock.hpp"
#include "banyan/base/result.hpp"
#include "banyan/nats/connection.hpp"

/// JetStream by plain requests. Every function may be called from any thread; callbacks come on the
/// connection's loop. Names of streams and consumers are tokens, else invalid_argument "nats.bad_name".
///
/// Errors of the server, besides those of Connection::request():
///  - conflict           "nats.wrong_last_sequence": see expected_last_sequence.
///  - not_found          "nats.no_stream", "nats.no_consumer"
///  - already_exists     "nats.stream_exists": with another configuration.
///  - resource_exhausted "nats.no_space": a limit of the stream, the account or the disk.
///  - data_loss          "nats.bad_answer": not what JetStream answers.
///  - internal           "nats.refused_by_jetstream": any other; the detail has its code and text.
namespace banyan::nats {

/// The server stores a message of the same id only once within the stream's duplicate window.
inline constexpr std::string_view message_id = "Nats-Msg-Id";
/// The server stores the message only if the stream's last one has this number.
inline constexpr std::string_view expected_last_sequence = "Nats-Expected-Last-Sequence";

struct PubAck {
  std::string stream;
  std::uint64_t sequence = 0;
  bool duplicate = false;  ///< Not stored: the message of that id has `sequence`.
};

template <class T>
using Done = std::function<void(Result<T>)>;

/// `done` with success: the server has written it.
void publish_to_stream(Connection& connection, const Subject& subject, Headers headers, std::string data,
                       Duration timeout, Done<PubAck> done);

struct ConsumerName {
  std::string stream;
  std::string consumer;
};

struct Delivery {
  Message message;             ///< Its reply is where to acknowledge.
  std::uint64_t attempts = 0;  ///< How often it was handed out, from 1.
  std::uint64_t stream_sequence = 0;
  std::uint64_t consumer_sequence = 0;
  std::uint64_t pending = 0;  ///< Messages behind it.
};

struct PullOptions {
  std::size_t batch = 256;  ///< Asked for at once; half of it is asked for anew when half has come.
  Duration expires =
      std::chrono::seconds{5};  ///< Of one pull; without an answer for twice as long it is repeated.
  Duration retry_after = std::chrono::seconds{1};  ///< After an error.
};

struct PullHandlers {
  std::function<void(Delivery)> on_delivery;
  /// The consumer is gone, nobody answers, …; it is tried again by itself.
  std::function<void(const Error&)> on_trouble;
  /// It answers, for the first time since the last connect or since such trouble. May be empty.
  std::function<void()> on_well = nullptr;
};

/// Ends a pull, for good: nothing more is asked for, nor delivered. What was handed out and is not
/// acknowledged comes again to whoever pulls then. On the loop.
using StopPulling = std::function<void()>;

/// Has the messages of a consumer delivered, from now until it is stopped or the connection is closed, over
/// reconnects. Errors: invalid_argument "nats.bad_name", "nats.bad_options".
Result<StopPulling> pull(Connection& connection, const ConsumerName& name, const PullOptions& options,
                         PullHandlers handlers);

/// Acknowledges the message whose reply is `reply` (with AckPolicy::all also those before it). At most once:
/// an ack that gets lost means a second delivery. Errors: those of publish(); invalid_argument
/// "nats.bad_subject": not what JetStream expects.
Status ack(Connection& connection, std::string_view reply);

enum class Storage : std::uint8_t { file, memory };
enum class Discard : std::uint8_t { old_messages, new_messages };
enum class AckPolicy : std::uint8_t { all, each, none };

/// Limits of 0 are none.
struct StreamConfig {
  std::string name;
  std::vector<std::string> subjects;  ///< Patterns.
  Storage storage = Storage::file;
  Discard discard = Discard::old_messages;
  std::int64_t messages_max = 0;
  std::int64_t messages_per_subject_max = 0;
  std::int64_t bytes_max = 0;
  std::int64_t message_bytes_max = 0;
  Duration age_max{0};
  Duration duplicate_window = std::chrono::minutes{2};
  int replicas = 1;
};

struct ConsumerConfig {
  ConsumerName name;   ///< Durable.
  std::string filter;  ///< A pattern; empty: all of the stream.
  AckPolicy ack_policy = AckPolicy::all;
  Duration ack_wait = std::chrono::seconds{30};
  std::int64_t deliveries_max = -1;
  std::int64_t unacknowledged_max = 8192;
  std::uint64_t start_sequence = 0;  ///< 0: the first one that the stream has.
};

struct StreamInfo {
  std::string name;
  std::uint64_t messages = 0;
  std::uint64_t bytes = 0;
  std::uint64_t first_sequence = 0;
  std::uint64_t last_sequence = 0;
};

struct ConsumerInfo {
  ConsumerName name;
  std::uint64_t delivered_stream_sequence = 0;
  std::uint64_t acknowledged_stream_sequence = 0;  ///< All up to it.
  std::uint64_t unacknowledged = 0;
  std::uint64_t pending = 0;  ///< Not delivered yet.
};

void stream_info(Connection& connection, std::string_view stream, Duration timeout, Done<StreamInfo> done);
void create_stream(Connection& connection, const StreamConfig& config, Duration timeout,
                   Done<StreamInfo> done);
void update_stream(Connection& connection, const StreamConfig& config, Duration timeout,
                   Done<StreamInfo> done);
void delete_stream(Connection& connection, std::string_view stream, Duration timeout, Done<Unit> done);

void consumer_info(Connection& connection, const ConsumerName& name, Duration timeout,
                   Done<ConsumerInfo> done);
/// Or changes an existing one, as far as JetStream allows it.
void create_consumer(Connection& connection, const ConsumerConfig& config, Duration timeout,
                     Done<ConsumerInfo> done);
void delete_consumer(Connection& connection, const ConsumerName& name, Duration timeout, Done<Unit> done);

}  // namespace banyan::nats
