#include "api.hpp"
#include "banyan/json/encode.hpp"

namespace banyan::nats {
namespace {

std::int64_t nanoseconds(Duration duration) { return std::chrono::nanoseconds{duration}.count(); }

// The server writes "no limit" as -1.
std::int64_t limit(std::int64_t value) { return value == 0 ? -1 : value; }

std::string_view to_text(AckPolicy policy) {
  switch (policy) {
    case AckPolicy::all:
      return "all";
    case AckPolicy::each:
      return "explicit";
    case AckPolicy::none:
      return "none";
  }
  return "all";
}

std::string encode(const StreamConfig& config) {
  std::string body;
  json::Writer out{body};
  out.begin_object();
  json::member(out, "name", config.name);
  json::member(out, "subjects", config.subjects);
  json::member(out, "retention", "limits");
  json::member(out, "storage", config.storage == Storage::file ? "file" : "memory");
  json::member(out, "discard", config.discard == Discard::old_messages ? "old" : "new");
  json::member(out, "max_consumers", std::int64_t{-1});
  json::member(out, "max_msgs", limit(config.messages_max));
  json::member(out, "max_msgs_per_subject", limit(config.messages_per_subject_max));
  json::member(out, "max_bytes", limit(config.bytes_max));
  json::member(out, "max_msg_size", limit(config.message_bytes_max));
  json::member(out, "max_age", nanoseconds(config.age_max));
  json::member(out, "duplicate_window", nanoseconds(config.duplicate_window));
  json::member(out, "num_replicas", std::int64_t{config.replicas});
  out.end_object();
  return body;
}

std::string encode(const ConsumerConfig& config) {
  std::string body;
  json::Writer out{body};
  out.begin_object();
  json::member(out, "stream_name", config.name.stream);
  out.name("config");
  out.begin_object();
  json::member(out, "durable_name", config.name.consumer);
  json::member(out, "ack_policy", to_text(config.ack_policy));
  json::member(out, "deliver_policy", config.start_sequence == 0 ? "all" : "by_start_sequence");
  if (config.start_sequence != 0) {
    json::member(out, "opt_start_seq", static_cast<std::int64_t>(config.start_sequence));
  }
  json::member(out, "replay_policy", "instant");
  if (!config.filter.empty()) json::member(out, "filter_subject", config.filter);
  if (config.ack_policy != AckPolicy::none) {
    json::member(out, "ack_wait", nanoseconds(config.ack_wait));
    json::member(out, "max_ack_pending", config.unacknowledged_max);
  }
  json::member(out, "max_deliver", config.deliveries_max);
  out.end_object();
  out.end_object();
  return body;
}

Result<StreamInfo> read_stream(const json::Value& answer) {
  const json::Value* config = answer.find("config");
  if (config == nullptr) return Error{Errc::data_loss, "nats.bad_answer", "no information on a stream"};
  return StreamInfo{.name = text_at(*config, "name"),
                    .messages = count_at(answer, "state", "messages"),
                    .bytes = count_at(answer, "state", "bytes"),
                    .first_sequence = count_at(answer, "state", "first_seq"),
                    .last_sequence = count_at(answer, "state", "last_seq")};
}

Result<ConsumerInfo> read_consumer(const json::Value& answer) {
  if (answer.find("delivered") == nullptr) {
    return Error{Errc::data_loss, "nats.bad_answer", "no information on a consumer"};
  }
  return ConsumerInfo{.name = {text_at(answer, "stream_name"), text_at(answer, "name")},
                      .delivered_stream_sequence = count_at(answer, "delivered", "stream_seq"),
                      .acknowledged_stream_sequence = count_at(answer, "ack_floor", "stream_seq"),
                      .unacknowledged = count_at(answer, "num_ack_pending"),
                      .pending = count_at(answer, "num_pending")};
}

Result<Unit> read_nothing(const json::Value&) { return success(); }

// The names in a configuration, checked before they are sent.
Status check_patterns(const std::vector<std::string>& patterns) {
  for (const std::string& pattern : patterns) {
    if (const auto checked = Pattern::parse(pattern); !checked.ok()) return checked.error();
  }
  return success();
}

void store_stream(Connection& connection, std::string_view verb, const StreamConfig& config, Duration timeout,
                  Done<StreamInfo> done) {
  auto subject = api_subject(verb, {config.name});
  if (const auto status = check_patterns(config.subjects); !status.ok()) subject = status.error();
  ask<StreamInfo>(connection, subject, {}, encode(config), timeout, std::move(done), read_stream);
}

}  // namespace

void stream_info(Connection& connection, std::string_view stream, Duration timeout, Done<StreamInfo> done) {
  ask<StreamInfo>(connection, api_subject("STREAM.INFO", {stream}), {}, {}, timeout, std::move(done),
                  read_stream);
}

void create_stream(Connection& connection, const StreamConfig& config, Duration timeout,
                   Done<StreamInfo> done) {
  store_stream(connection, "STREAM.CREATE", config, timeout, std::move(done));
}

void update_stream(Connection& connection, const StreamConfig& config, Duration timeout,
                   Done<StreamInfo> done) {
  store_stream(connection, "STREAM.UPDATE", config, timeout, std::move(done));
}

void delete_stream(Connection& connection, std::string_view stream, Duration timeout, Done<Unit> done) {
  ask<Unit>(connection, api_subject("STREAM.DELETE", {stream}), {}, {}, timeout, std::move(done),
            read_nothing);
}

void consumer_info(Connection& connection, const ConsumerName& name, Duration timeout,
                   Done<ConsumerInfo> done) {
  ask<ConsumerInfo>(connection, api_subject("CONSUMER.INFO", {name.stream, name.consumer}), {}, {}, timeout,
                    std::move(done), read_consumer);
}

void create_consumer(Connection& connection, const ConsumerConfig& config, Duration timeout,
                     Done<ConsumerInfo> done) {
  auto subject = api_subject("CONSUMER.DURABLE.CREATE", {config.name.stream, config.name.consumer});
  if (!config.filter.empty()) {
    if (const auto status = check_patterns({config.filter}); !status.ok()) subject = status.error();
  }
  ask<ConsumerInfo>(connection, subject, {}, encode(config), timeout, std::move(done), read_consumer);
}

void delete_consumer(Connection& connection, const ConsumerName& name, Duration timeout, Done<Unit> done) {
  ask<Unit>(connection, api_subject("CONSUMER.DELETE", {name.stream, name.consumer}), {}, {}, timeout,
            std::move(done), read_nothing);
}

}  // namespace banyan::nats
