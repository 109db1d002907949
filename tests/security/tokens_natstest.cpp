// A caller that the broker lets through still has to prove to the module itself who it is.
#define BOOST_TEST_MODULE security_tokens
#include <signal.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <future>
#include <map>
#include <thread>

#include "banyan/http/client.hpp"
#include "banyan/message/registry.hpp"
#include "banyan/remote/bus.hpp"
#include "banyan/security/key_folder.hpp"
#include "banyan/security/token_issuer.hpp"
#include "banyan/telemetry/log_sinks.hpp"
#include "banyan/testing/child_process.hpp"
#include "broker.hpp"
#include "shop/topology.hpp"
#include "shop/users/client.hpp"
#include "shop/users/contract.hpp"

using namespace banyan;
using namespace std::chrono_literals;

namespace {

std::string reason(const auto& result) { return result.ok() ? std::string{} : result.error().reason(); }

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

/// The module users as a process of its own, and the keys of everybody.
struct Users {
  Users() {
    for (const char* account : {"users", "orders", "gateway"}) BOOST_REQUIRE(keys.create(account).ok());
    start();
  }

  std::vector<std::string> command(const std::string& key_folder) const {
    return {USERS_PROGRAM,
            "--data-dir",
            broker.disk.path() + "/data",
            "--admin-listen",
            "127.0.0.1:0",
            "--nats-url",
            broker.server.url(),
            "--pki",
            broker.pki.path(),
            "--keys",
            key_folder};
  }
  void start() {
    process = std::make_unique<testing::ChildProcess>(command(folder));
    const std::string line = process->read_line().value_or(process->errors());
    BOOST_REQUIRE(line.starts_with("administration "));
    administration = static_cast<std::uint16_t>(std::stoi(line.substr(line.rfind(':') + 1)));
  }
  std::string page(const std::string& path) const {
    return http::Client{{.port = administration}}.send({.method = "GET", .path = path}).value().body;
  }

  Broker broker;
  std::string folder = broker.disk.path() + "/keys";
  security::KeyFolder keys{folder};
  SystemRandom random;
  std::unique_ptr<testing::ChildProcess> process;
  std::uint16_t administration = 0;
};

/// A caller with the certificate of the gateway, which shows what it likes.
class Caller {
 public:
  Caller(const Broker& broker, remote::Credentials credentials) {
    registry_.add(shop::users::messages());
    const std::string pem = broker.pki.file_of("gateway");
    connection_ =
        std::move(nats::Connection::open({.name = "gateway",
                                          .url = broker.server.url(),
                                          .tls = nats::TlsFiles{broker.pki.authority_file(), pem, pem},
                                          .expected_host = "nats.banyan.internal",
                                          .inbox_prefix = "_INBOX_gateway"},
                                         clock_, random_, log_))
            .value();
    bus_ = std::make_unique<remote::Bus>("gateway", *connection_, shop::topology(),
                                         remote::Environment{clock_, random_, registry_, metrics_, log_},
                                         remote::BusOptions{.credentials = std::move(credentials)});
    users_ = &bus_->endpoint_of("users");
    bus_->start();
  }
  ~Caller() { connection_->close(); }

  /// Once the module is reached.
  std::string ask() {
    std::string answer;
    do {
      std::promise<std::string> promise;
      message::CallOptions options;
      options.envelope.id = ids_.next();
      options.envelope.source = "gateway";
      options.envelope.time = clock_.utc();
      options.envelope.deadline = clock_.now() + 5s;
      shop::users::Client{*users_}.get_customer(
          {.customer_id = ids_.next()}, options,
          [&](const auto& result) { promise.set_value(reason(result)); });
      answer = promise.get_future().get();
      std::this_thread::sleep_for(10ms);
    } while (answer == "remote.no_responders" || answer == "remote.disconnected");
    return answer;
  }

 private:
  SystemClock clock_;
  SystemRandom random_;
  IdSource ids_{clock_, random_};
  message::Registry registry_;
  telemetry::Registry metrics_;
  telemetry::CapturedLog lines_;
  telemetry::Log log_{lines_, clock_, "test", telemetry::Level::warning};
  std::unique_ptr<nats::Connection> connection_;
  std::unique_ptr<remote::Bus> bus_;
  message::Endpoint* users_ = nullptr;
};

/// Shows tokens of `account` for `audience`, whoever is called.
remote::Credentials tokens(Users& users, const std::string& account, const std::string& audience) {
  auto issuer = security::TokenIssuer::open(
      {.account = account, .key_file = users.keys.private_file(account)}, users.broker.clock, users.random);
  return [issuer = std::shared_ptr{std::move(issuer).value()},
          audience](std::string_view) -> Result<std::string> {
    return "Bearer " + issuer->token_for(audience).value();
  };
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(a_module, Users)

BOOST_AUTO_TEST_CASE(answers_a_caller_whose_token_is_its_own_and_for_this_module) {
  BOOST_TEST(Caller(broker, tokens(*this, "gateway", "users")).ask() == "users.unknown_customer");
  BOOST_TEST(has(page("/metrics"), "banyan_calls_refused_total{module=\"users\"} 0\n"));
}

BOOST_AUTO_TEST_CASE(refuses_a_caller_that_proves_nothing_counts_it_and_says_why_in_its_log_alone) {
  BOOST_TEST(Caller(broker, nullptr).ask() == "security.unauthenticated");
  BOOST_TEST(Caller(broker, tokens(*this, "gateway", "orders")).ask() == "security.unauthenticated");
  BOOST_TEST(Caller(broker, tokens(*this, "orders", "users")).ask() == "remote.not_allowed");
  BOOST_TEST(has(page("/metrics"), "banyan_calls_refused_total{module=\"users\"} 3\n"));
  process->signal(SIGTERM);
  BOOST_TEST(process->wait() == 0);
  BOOST_TEST(has(process->errors(), "call refused"));
  BOOST_TEST(has(process->errors(), "no bearer token"));
}

BOOST_AUTO_TEST_CASE(believes_a_new_key_at_once_and_the_one_before_for_a_while) {
  Caller before{broker, tokens(*this, "gateway", "users")};
  BOOST_TEST(before.ask() == "users.unknown_customer");
  BOOST_REQUIRE(keys.rotate("gateway", broker.clock.utc()).ok());
  BOOST_TEST(before.ask() == "users.unknown_customer");
  BOOST_TEST(Caller(broker, tokens(*this, "gateway", "users")).ask() == "users.unknown_customer");
}

BOOST_AUTO_TEST_CASE(does_not_start_without_a_certificate_of_its_own_and_says_how_to_make_one) {
  process.reset();
  std::filesystem::rename(broker.pki.file_of("users"), broker.disk.path() + "/users.pem");
  const auto refused = [&] {
    testing::ChildProcess child{command(folder)};
    return child.wait() == 1 && has(child.errors(), "banyanctl pki issue users --dir ");
  };
  BOOST_TEST(refused());
  std::filesystem::copy_file(broker.pki.file_of("orders"), broker.pki.file_of("users"));
  BOOST_TEST(refused());
}

BOOST_AUTO_TEST_CASE(does_not_start_without_keys_and_says_how_to_make_them) {
  process.reset();
  const std::map<std::string, int> statuses{{broker.disk.path() + "/none", 1}, {"", 2}};
  for (const auto& [missing, status] : statuses) {
    testing::ChildProcess refused{command(missing)};
    BOOST_TEST(refused.wait() == status);
    BOOST_TEST(has(refused.errors(), "banyanctl keys init --dir "), refused.errors());
  }
}

BOOST_AUTO_TEST_SUITE_END()
