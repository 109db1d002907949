/// A client's connection to the gateway with the shop's whole interface: the bytes that it sends. Every
/// request is answered once with what can be sent, and what reaches a module is a message of its contract
/// that can go on to another process.
#include <vector>

#include "banyan/gateway/gateway.hpp"
#include "banyan/json/parse.hpp"
#include "banyan/telemetry/log_sinks.hpp"
#include "banyan/testing/manual_clock.hpp"
#include "banyan/testing/seeded_random.hpp"
#include "fuzz.hpp"
#include "http/src/answer_writer.hpp"
#include "http/src/request_reader.hpp"
#include "nats_headers.hpp"
#include "remote/src/call_codec.hpp"
#include "shop/inventory/http.hpp"
#include "shop/notifications/http.hpp"
#include "shop/orders/http.hpp"
#include "shop/payments/http.hpp"
#include "shop/shipping/http.hpp"
#include "shop/users/http.hpp"

namespace {

using namespace banyan;

constexpr http::RequestReader::Limits limits{.target_bytes_max = 8 << 10,
                                             .header_bytes_max = 16 << 10,
                                             .header_fields_max = 100,
                                             .body_bytes_max = 1 << 20};

/// In the place of every module: looks at what comes, and refuses it.
class Witness final : public message::Endpoint {
 public:
  explicit Witness(const Clock& clock) : clock_(clock) {}

  void submit(message::Request request) override {
    const message::Parcel& parcel = *request.parcel;
    const message::Descriptor& type = parcel.payload.type();
    const std::string body = parcel.payload.to_json();
    const auto again = message::decode(type, body);
    fuzz::require(again.ok() && again.value().to_json() == body, "what reaches a module is of its contract",
                  body);
    fuzz::require(
        message::from_headers(message::to_headers(parcel.envelope, clock_.now()), clock_.now()).ok(),
        "the envelope can be stored");
    const remote::Sheet sheet = remote::encode(request, std::chrono::seconds{5}, "");
    fuzz::require(nats::check_headers(sheet.headers).ok(),
                  "what reaches a module can be sent to another process");
    const auto sent = remote::decode(fuzz::message_of(sheet.headers, sheet.body), type, clock_.now());
    fuzz::require(sent.ok(), "another process takes what this one does",
                  sent.ok() ? body : sent.error().detail());
    request.reply(Error{Errc::rejected, "shop.closed", body.substr(0, 100)});
  }

 private:
  const Clock& clock_;
};

class Sink final : public http::AnswerSink {
 public:
  explicit Sink(std::vector<http::Response>& to) : to_(to) {}
  void answer(http::Response response) noexcept override { to_.push_back(std::move(response)); }

 private:
  std::vector<http::Response>& to_;
};

struct Site {
  testing::ManualClock clock;
  testing::SeededRandom random{1};
  IdSource ids{clock, random};
  telemetry::Registry metrics;
  telemetry::CapturedLog lines;
  Witness witness{clock};
  gateway::Gateway gateway{{{&shop::inventory::http(), &witness},
                            {&shop::notifications::http(), &witness},
                            {&shop::orders::http(), &witness},
                            {&shop::payments::http(), &witness},
                            {&shop::shipping::http(), &witness},
                            {&shop::users::http(), &witness}},
                           {},
                           clock,
                           random,
                           ids,
                           metrics,
                           telemetry::Log{lines, clock, "fuzz", telemetry::Level::off},
                           {}};
};

void check(const std::vector<http::Response>& answers, const http::Framing& framing) {
  fuzz::require(answers.size() == 1, "a request is answered once");
  const http::Response& answer = answers.front();
  fuzz::require(http::is_sendable(answer), "the answer can be sent", answer.body);
  std::string output;
  http::append_answer(output, answer, framing, false, "Date: x\r\n");
  const std::string* type = answer.headers.find("Content-Type");
  if (type == nullptr || type->find("json") == std::string::npos) return;
  fuzz::require(json::parse(answer.body, {.elements_max = 1'000'000}).ok(), "an answer of JSON is JSON",
                answer.body);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Site site;
  std::string_view bytes{reinterpret_cast<const char*>(data), size};
  http::RequestReader reader{limits};
  while (!bytes.empty()) {
    std::size_t consumed = 0;
    const auto progress = reader.read(bytes, consumed);
    bytes.remove_prefix(consumed);
    std::vector<http::Response> answers;
    if (progress == http::RequestReader::Progress::refused) {
      const http::Refusal& refusal = reader.refusal();
      answers.push_back(site.gateway.on_malformed(refusal.status, refusal.reason));
      check(answers, {});
    }
    if (progress != http::RequestReader::Progress::complete) return 0;
    const http::Framing framing = reader.framing();
    http::Request request = reader.take_request();
    request.remote = "127.0.0.1";
    site.gateway.on_request(std::move(request), http::Responder{std::make_shared<Sink>(answers)});
    check(answers, framing);
  }
  return 0;
}
