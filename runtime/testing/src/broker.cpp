#include "broker.hpp"

#include <poll.h>

#include <future>
#include <memory>
#include <stdexcept>
#include <variant>

#include "banyan/nats/jetstream.hpp"
#include "banyan/security/certificate.hpp"

namespace banyan::testing {
namespace {

constexpr Duration request_timeout = std::chrono::seconds{2};
constexpr int pause_milliseconds = 2;
constexpr int attempts_max = 10'000;

/// Asks again and again until the answer is success.
template <class T, class Request>
void insist(const std::string& doing, Request request) {
  std::string trouble;
  for (int attempt = 0; attempt < attempts_max; ++attempt) {
    const auto promise = std::make_shared<std::promise<Result<T>>>();
    request([promise](Result<T> result) { promise->set_value(std::move(result)); });
    const Result<T> result = promise->get_future().get();
    if (result.ok()) return;
    trouble = result.error().reason() + ": " + result.error().detail();
    ::poll(nullptr, 0, pause_milliseconds);
  }
  throw std::runtime_error(doing + ": " + trouble);
}

void provide_stream(nats::Connection& connection, const std::string& producer) {
  nats::StreamConfig stream;
  stream.name = "EVT_" + producer;
  stream.subjects = {"evt." + producer + ".>"};
  stream.messages_per_subject_max = 4096;
  stream.bytes_max = 64 << 20;
  insist<nats::StreamInfo>("make a stream", [&](auto done) {
    nats::create_stream(connection, stream, request_timeout, std::move(done));
  });
}

void provide_consumer(nats::Connection& connection, const std::string& producer,
                      const std::string& subscriber) {
  nats::ConsumerConfig consumer;
  consumer.name = {.stream = "EVT_" + producer, .consumer = subscriber};
  consumer.filter = "evt." + producer + '.' + subscriber;
  insist<nats::ConsumerInfo>("make a consumer", [&](auto done) {
    nats::create_consumer(connection, consumer, request_timeout, std::move(done));
  });
}

nats::Subject ping_of(std::string_view module) {
  auto ping = nats::Subject::parse("$SRV.PING." + std::string{module});
  if (!ping.ok()) throw std::runtime_error("no name of a service: " + std::string{module});
  return std::move(ping).value();
}

}  // namespace

std::string Broker::configuration(const TestCa::Files& files) {
  return "tls { cert_file: \"" + files.certificate + "\", key_file: \"" + files.key + "\", ca_file: \"" +
         files.ca + "\", verify: true, timeout: 10 }";
}

nats::ConnectionOptions Broker::options_for(std::string_view process) {
  const TestCa::Files files = authority_.issue(process);
  nats::ConnectionOptions options;
  options.name = process;
  options.url = server_.url();
  options.tls = nats::TlsFiles{.ca = files.ca, .certificate = files.certificate, .key = files.key};
  options.expected_host = security::dns_name("nats");
  options.inbox_prefix = "_INBOX_" + std::string{process};
  options.reconnect_min = std::chrono::milliseconds{10};
  options.reconnect_max = std::chrono::milliseconds{100};
  return options;
}

void provide_links(nats::Connection& connection, const std::vector<std::string>& modules) {
  for (const std::string& producer : modules) {
    provide_stream(connection, producer);
    for (const std::string& subscriber : modules) {
      if (subscriber != producer) provide_consumer(connection, producer, subscriber);
    }
  }
}

void await_service(nats::Connection& connection, std::string_view module) {
  const nats::Subject ping = ping_of(module);
  insist<nats::Message>("await a service", [&](auto done) {
    connection.request(ping, {}, {}, request_timeout, std::move(done));
  });
}

void await_silence(nats::Connection& connection, std::string_view module) {
  const nats::Subject ping = ping_of(module);
  insist<std::monostate>("await that a service is gone", [&](auto done) {
    connection.request(ping, {}, {}, request_timeout, [done](const Result<nats::Message>& answer) {
      if (answer.ok()) return done(Error{Errc::conflict, "testing.still_there"});
      if (answer.error().reason() != "nats.no_responders") return done(answer.error());
      done(std::monostate{});
    });
  });
}

}  // namespace banyan::testing
