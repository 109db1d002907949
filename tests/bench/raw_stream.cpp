#include "raw_stream.hpp"

#include <algorithm>

#include "bench.hpp"

namespace banyan::bench {
namespace {

constexpr std::int64_t patience_milliseconds = 60'000;
constexpr std::size_t pull_batch = 512;
constexpr std::size_t ack_batch = 256;
constexpr std::int64_t unacknowledged_max = 8192;
const std::string body = R"({"key":"account-123","number":123456,"text":"a transfer"})";

}  // namespace

RawStream::RawStream(const Broker& broker, std::string name, const char* subjects)
    : name_(std::move(name)), connection_(broker.open_raw(false)) {
  jsCtx* context = nullptr;
  succeed(natsConnection_JetStream(&context, connection_.get(), nullptr));
  context_.reset(context);
  jsStreamConfig config;
  succeed(jsStreamConfig_Init(&config));
  config.Name = name_.c_str();
  config.Subjects = &subjects;
  config.SubjectsLen = 1;
  succeed(js_AddStream(nullptr, context_.get(), &config, nullptr, nullptr));
}

RawStream::~RawStream() = default;

void RawStream::purge() { succeed(js_PurgeStream(context_.get(), name_.c_str(), nullptr, nullptr)); }

void RawStream::provide_consumer(const char* name, const char* filter) {
  js_DeleteConsumer(context_.get(), name_.c_str(), name, nullptr, nullptr);
  jsConsumerConfig config;
  succeed(jsConsumerConfig_Init(&config));
  config.Durable = name;
  config.FilterSubject = filter;
  config.AckPolicy = js_AckAll;
  config.MaxAckPending = unacknowledged_max;
  succeed(js_AddConsumer(nullptr, context_.get(), name_.c_str(), &config, nullptr, nullptr));
}

double RawStream::publish(std::size_t count) {
  purge();
  const auto start = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < count; ++i) {
    const std::string id = std::to_string(++last_id_);
    jsPubOptions options;
    succeed(jsPubOptions_Init(&options));
    options.MsgId = id.c_str();
    succeed(js_PublishAsync(context_.get(), "raw", body.data(), static_cast<int>(body.size()), &options));
  }
  jsPubOptions options;
  succeed(jsPubOptions_Init(&options));
  options.MaxWait = patience_milliseconds;
  succeed(js_PublishAsyncComplete(context_.get(), &options));
  return rate(count, start);
}

double RawStream::pull(const std::string& consumer, std::size_t count) {
  const std::string next = "$JS.API.CONSUMER.MSG.NEXT." + name_ + '.' + consumer;
  const std::string inbox = "pulled." + consumer;
  const std::string demand = R"({"batch":)" + std::to_string(pull_batch / 2) + '}';
  natsSubscription* raw = nullptr;
  succeed(natsConnection_SubscribeSync(&raw, connection_.get(), inbox.c_str()));
  const std::unique_ptr<natsSubscription, Destroy> subscription{raw};
  const auto ask = [&] {
    succeed(
        natsConnection_PublishRequestString(connection_.get(), next.c_str(), inbox.c_str(), demand.c_str()));
  };
  const auto start = std::chrono::steady_clock::now();
  ask();
  for (std::size_t i = 0; i < count; ++i) {
    if (i % (pull_batch / 2) == 0) ask();
    natsMsg* message = nullptr;
    succeed(natsSubscription_NextMsg(&message, subscription.get(), patience_milliseconds));
    if ((i + 1) % ack_batch == 0 || i + 1 == count) {
      succeed(natsConnection_PublishString(connection_.get(), natsMsg_GetReply(message), "+ACK"));
    }
    natsMsg_Destroy(message);
  }
  succeed(natsConnection_Flush(connection_.get()));
  return rate(count, start);
}

void RawStream::ask_to_resume(const char* subject) {
  const std::string nothing = R"({"epoch":"00000000-0000-0000-0000-000000000000","seq":0,"hash":")" +
                              std::string(32, '0') + R"(","received":0,"resume":true})";
  succeed(natsConnection_PublishString(connection_.get(), subject, nothing.c_str()));
}

void RawStream::answer_reports(const char* subject) {
  const auto answer = [](natsConnection* connection, natsSubscription*, natsMsg* report, void*) {
    if (natsMsg_GetReply(report) != nullptr) {
      succeed(natsConnection_PublishString(connection, natsMsg_GetReply(report), ""));
    }
    natsMsg_Destroy(report);
  };
  natsSubscription* raw = nullptr;
  succeed(natsConnection_Subscribe(&raw, connection_.get(), subject, answer, nullptr));
  reports_.reset(raw);
}

}  // namespace banyan::bench
