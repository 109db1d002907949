// A shop of several processes keeps its secrets.
#define BOOST_TEST_MODULE security_shop
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <functional>
#include <regex>
#include <sstream>
#include <thread>

#include "acceptance/shop_process.hpp"
#include "banyan/http/client.hpp"

using acceptance::ShopProcess;
using namespace std::chrono_literals;
using std::string;
namespace fs = std::filesystem;

namespace {

string read(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream{path}.rdbuf();
  return text.str();
}

/// One module in a process of its own, which writes down all that it does.
struct Shop {
  Shop() { process.start(); }

  banyan::http::Response send(const banyan::http::Request& request) {
    return banyan::http::Client{{.port = process.endpoint().port}}.send(request).value();
  }
  banyan::http::Response look_for_a_customer() {
    return send({.method = "GET", .path = "/v1/customers/0190a5c4-7d1e-7000-8000-000000000001"});
  }
  void register_a_customer() {
    const auto answer = send({.method = "POST",
                              .path = "/v1/customers",
                              .headers = {{"Content-Type", "application/json"}, {"Idempotency-Key", "first"}},
                              .body = R"({"name":"Maria Anders","email":"maria@example.com"})"});
    BOOST_TEST(answer.status == 201);
  }
  static bool becomes_true(const std::function<bool()>& condition) {
    const auto end = std::chrono::steady_clock::now() + 30s;
    while (!condition()) {
      if (std::chrono::steady_clock::now() > end) return false;
      std::this_thread::sleep_for(50ms);
    }
    return true;
  }
  bool answers_with(int status) {
    return becomes_true([&] { return look_for_a_customer().status == status; });
  }
  /// The lines of all processes reach the log by way of the one that watches over them: after the answer.
  bool logs(const string& text) {
    return becomes_true([&] { return log().find(text) != string::npos; });
  }

  fs::path data() const { return process.data_directory(); }
  string log() const { return read(data() / "banyan.log"); }

  ShopProcess process{{{"BANYAN_LOG_LEVEL", "debug"}}, "users"};
};

/// The lines of private keys of certificates, and the numbers that keys of service accounts keep to
/// themselves.
std::vector<string> secrets_in(const fs::path& data) {
  std::vector<string> secrets;
  for (const auto& file : fs::directory_iterator{data / "pki"}) {
    std::istringstream lines{read(file.path())};
    bool is_secret = false;
    for (string line; std::getline(lines, line);) {
      const bool is_mark = line.starts_with("-----");
      if (is_mark) is_secret = line.find("BEGIN") != string::npos && line.find("PRIVATE KEY") != string::npos;
      if (is_secret && !is_mark) secrets.push_back(line);
    }
  }
  for (const auto& file : fs::directory_iterator{data / "keys" / "private"}) {
    const string text = read(file.path());
    std::smatch number;
    BOOST_REQUIRE(std::regex_search(text, number, std::regex{"\"d\" *: *\"([^\"]+)\""}));
    secrets.push_back(number[1]);
  }
  return secrets;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(a_gateway, Shop)

BOOST_AUTO_TEST_CASE(that_a_module_does_not_believe_says_that_it_is_not_the_callers_fault) {
  BOOST_TEST(look_for_a_customer().status == 404);
  const fs::path key = data() / "keys" / "public" / "gateway.json";
  fs::rename(key, data() / "gateway.json");

  BOOST_TEST(answers_with(503));
  const auto answer = look_for_a_customer();
  BOOST_TEST(answer.body.find("BNY-security.unauthenticated") != string::npos, answer.body);
  BOOST_TEST(answer.body.find("/problems/security-unauthenticated") != string::npos, answer.body);
  BOOST_TEST(!answer.headers.contains("WWW-Authenticate"));
  BOOST_TEST(logs("request failed through a fault of ours"));
  BOOST_TEST(logs("call refused"));

  fs::rename(data() / "gateway.json", key);
  BOOST_TEST(answers_with(404));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(secrets, Shop)

BOOST_AUTO_TEST_CASE(lie_among_folders_and_logs_of_their_owner_alone) {
  for (const char* name : {"pki", "keys/private", "users", "nats", "nats.conf", "banyan.log"}) {
    const fs::perms open_to_others =
        fs::status(data() / name).permissions() & (fs::perms::group_all | fs::perms::others_all);
    BOOST_TEST((open_to_others == fs::perms::none), name);
  }
}

BOOST_AUTO_TEST_CASE(are_in_no_log_no_command_line_and_no_environment) {
  register_a_customer();
  std::vector<string> texts;
  for (const char* name : {"users", "gateway", "nats-server", "provisioner"}) {
    const fs::path running = "/proc/" + std::to_string(process.pid(name));
    for (const char* file : {"cmdline", "environ"}) texts.push_back(read(running / file));
    BOOST_TEST(texts.back().find("PATH=") != string::npos, name);
  }
  BOOST_TEST(process.stop() == 0);
  texts.push_back(log());
  BOOST_TEST(texts.back().find("users.register_customer.v1") != string::npos);

  std::vector<string> secrets = secrets_in(data());
  BOOST_TEST(secrets.size() > 20U);
  secrets.emplace_back("eyJ");  // how every token begins
  for (const string& text : texts) {
    for (const string& secret : secrets) BOOST_TEST((text.find(secret) == string::npos), secret);
  }
  std::printf("%zu secrets in none of %zu texts\n", secrets.size(), texts.size());
}

BOOST_AUTO_TEST_CASE(are_files_of_their_owner_alone) {
  const auto others = fs::perms::group_all | fs::perms::others_all;
  int files = 0;
  for (const char* folder : {"pki", "keys/private"}) {
    for (const auto& file : fs::directory_iterator{data() / folder}) {
      if (file.path().filename() == "ca.crt") continue;
      BOOST_TEST(((file.status().permissions() & others) == fs::perms::none), file.path());
      ++files;
    }
  }
  BOOST_TEST(files > 12);
}

BOOST_AUTO_TEST_SUITE_END()
