// One module, two processes with a store each: one of them serves, and both places are told.
#define BOOST_TEST_MODULE split_owner
#include <boost/test/unit_test.hpp>
#include <charconv>
#include <csignal>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "banyan/http/client.hpp"
#include "banyan/security/key_folder.hpp"
#include "banyan/testing/child_process.hpp"
#include "security/broker.hpp"

using namespace banyan;
using namespace std::chrono_literals;
using std::string;

namespace {

bool has(const string& text, std::string_view part) { return text.find(part) != string::npos; }

/// A broker as it is shipped, and the keys of everybody.
struct Site {
  Site() {
    for (const char* account :
         {"users", "inventory", "orders", "payments", "shipping", "notifications", "gateway"}) {
      BOOST_REQUIRE(keys.create(account).ok());
    }
    broker.provision();
  }

  string folder(const string& name) const { return broker.disk.path() + "/" + name; }
  std::vector<string> command(const string& program, std::vector<string> options) const {
    std::vector<string> words{program, "--admin-listen",  "127.0.0.1:0", "--nats-url",  broker.server.url(),
                              "--pki", broker.pki.path(), "--keys",      folder("keys")};
    words.insert(words.end(), options.begin(), options.end());
    return words;
  }

  Broker broker;
  security::KeyFolder keys{broker.disk.path() + "/keys"};
};

const testing::ChildProcess::Environment soon{{"BANYAN_PROCESS_OWNER_PERIOD", "200ms"},
                                              {"BANYAN_PROCESS_OWNER_PATIENCE", "1s"}};

/// A program that runs, or has ended.
class Running {
 public:
  explicit Running(std::vector<string> command, const testing::ChildProcess::Environment& environment = soon)
      : program_(std::move(command), environment) {}

  /// Reads on to its administration.
  Running& await() {
    while (const auto line = program_.read_line()) {
      if (line->starts_with("serving ")) serving_ = port_in(*line);
      if (!line->starts_with("administration ")) continue;
      administration_ = port_in(*line);
      return *this;
    }
    throw std::runtime_error("it has ended: " + program_.errors());
  }
  string await_line(const string& beginning) {
    while (const auto line = program_.read_line()) {
      if (line->starts_with(beginning)) return *line;
    }
    throw std::runtime_error("it has ended: " + program_.errors());
  }

  http::Response get(const string& path) const {
    return ask({.method = "GET", .path = path}, administration_);
  }
  http::Response ask(http::Request request, std::uint16_t port) const {
    return http::Client{{.port = port}}.send(std::move(request)).value();
  }
  bool becomes_ready(bool is_ready = true) const {
    for (int i = 0; i < 400; ++i) {
      if ((get("/health/ready").status == 200) == is_ready) return true;
      std::this_thread::sleep_for(50ms);
    }
    return false;
  }
  bool serves() const {
    return get("/health/ready").status == 200 && has(get("/health").body, R"("state":"serving")");
  }
  bool tells(std::string_view part) const {
    for (int i = 0; i < 200; ++i) {
      if (has(get("/health").body, part)) return true;
      std::this_thread::sleep_for(50ms);
    }
    return false;
  }

  std::uint16_t serving() const { return serving_; }
  void signal(int number) { program_.signal(number); }
  int wait() { return program_.wait(); }
  int stop() {
    signal(SIGTERM);
    return wait();
  }
  string errors() const { return program_.errors(); }

 private:
  static std::uint16_t port_in(const string& line) {
    return static_cast<std::uint16_t>(std::stoi(line.substr(line.rfind(':') + 1)));
  }

  testing::ChildProcess program_;
  std::uint16_t administration_ = 0;
  std::uint16_t serving_ = 0;
};

struct Users : Site {
  std::vector<string> users(const string& folder_name) const {
    return command(USERS_PROGRAM, {"--data-dir", folder(folder_name)});
  }
  /// The command that an error tells to type next.
  static string next_command(const string& errors) {
    const std::size_t begin = errors.find("next: ") + 6;
    return errors.substr(begin, errors.find(", on ", begin) - begin);
  }
};

/// Two that serve: the second one came while the first one stood still.
struct Split : Users {
  Split() {
    BOOST_REQUIRE(first.await().becomes_ready());
    first.signal(SIGSTOP);
    second.emplace(users("b"));
    BOOST_REQUIRE(second->await().becomes_ready());
  }

  Running first{users("a")};
  std::optional<Running> second;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(a_second_process_of_a_module, Users)

BOOST_AUTO_TEST_CASE(is_refused_with_both_places_and_a_command_that_works) {
  Running owner{users("a")};
  BOOST_TEST(owner.await().becomes_ready());
  Running second{users("b")};
  BOOST_TEST(second.wait() == 1);
  const string errors = second.errors();
  BOOST_TEST(has(errors, "host.other_owner: module users is served by another process: process "), errors);
  BOOST_TEST(has(errors, "data folder " + folder("a") + ", log "), errors);
  BOOST_TEST(has(errors, "data folder " + folder("b") + ", log "), errors);
  BOOST_TEST(owner.serves());
  BOOST_TEST(has(owner.errors(), "another process wants to serve this module, and is refused"));

  Running adopting{{"/bin/sh", "-c", "exec " + next_command(errors)}};
  BOOST_TEST(has(adopting.await_line("standing by"), folder("a") + "/users/lock"));
  BOOST_TEST(owner.stop() == 0);
  BOOST_TEST(adopting.await_line("modules users") == "modules users");
}

BOOST_AUTO_TEST_CASE(is_refused_with_a_copy_of_the_store_too) {
  Running owner{users("a")};
  BOOST_TEST(owner.await().becomes_ready());
  testing::ChildProcess backup{
      {USERS_PROGRAM, "backup", "--data-dir", folder("a"), "--to", folder("copies")}};
  BOOST_REQUIRE(backup.wait() == 0);
  std::filesystem::create_directories(folder("b/users"));
  std::filesystem::copy_file(folder("copies/users.db"), folder("b/users/store.db"));
  Running second{users("b")};
  BOOST_TEST(second.wait() == 1);
  BOOST_TEST(has(second.errors(), "is served by another process, from a copy of this store: "),
             second.errors());
  BOOST_TEST(owner.serves());
}

BOOST_AUTO_TEST_CASE(is_refused_where_it_has_other_modules_too_with_a_command_for_these) {
  Running owner{users("a")};
  BOOST_TEST(owner.await().becomes_ready());
  Running second{command(BANYAN_PROGRAM, {"--data-dir", folder("b"), "--listen", "127.0.0.1:0", "--modules",
                                          "users,orders,payments"})};
  BOOST_TEST(second.wait() == 1);
  BOOST_TEST(has(next_command(second.errors()), "--data-dir " + folder("b")), second.errors());
  BOOST_TEST(has(next_command(second.errors()), "--modules orders,payments"), second.errors());
}

BOOST_AUTO_TEST_CASE(serves_if_the_first_one_ends_while_it_waits) {
  Running owner{users("a")};
  BOOST_TEST(owner.await().becomes_ready());
  Running second{users("b"), {{"BANYAN_PROCESS_OWNER_PATIENCE", "1min"}}};
  while (!has(owner.errors(), "another process wants to serve")) std::this_thread::sleep_for(10ms);
  BOOST_TEST(owner.stop() == 0);
  BOOST_TEST(second.await().becomes_ready());
}

BOOST_AUTO_TEST_CASE(serves_at_once_if_the_first_one_was_killed) {
  for (const int end : {SIGKILL, SIGTERM}) {
    Running owner{users("a")};
    BOOST_TEST(owner.await().becomes_ready());
    owner.signal(end);
    owner.wait();
    Running next{users("a")};
    BOOST_TEST(next.await().becomes_ready());
    BOOST_TEST(!has(next.errors(), "another process"));
    BOOST_TEST(next.stop() == 0);
  }
}

BOOST_AUTO_TEST_CASE(serves_nobody_if_it_could_not_ask_before) {
  Running owner{users("a")};
  BOOST_TEST(owner.await().becomes_ready());
  owner.signal(SIGSTOP);
  broker.server.stop();
  Running second{users("b")};
  second.await();
  BOOST_TEST(second.get("/health/ready").status == 503);
  owner.signal(SIGCONT);
  broker.server.start();
  BOOST_TEST(second.tells("module users has two processes"));
  BOOST_TEST(second.tells(R"("state":"yielded")"));
  BOOST_TEST(owner.tells("data folder " + folder("b")));
  BOOST_TEST(owner.get("/health/ready").status == 503);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(of_two_that_run_already, Split)

BOOST_AUTO_TEST_CASE(both_are_alarmed_and_the_later_one_serves_nobody_any_more) {
  Running gateway{command(GATEWAY_PROGRAM, {"--listen", "127.0.0.1:0"})};
  first.signal(SIGCONT);
  BOOST_TEST(first.tells("data folder " + folder("b")));
  BOOST_TEST(second->tells("data folder " + folder("a")));
  for (const Running* process : {&first, &*second}) {
    BOOST_TEST(process->get("/health").status == 503);
    const auto ready = process->get("/health/ready");
    BOOST_TEST(ready.status == 503);
    BOOST_TEST(has(ready.body, "module users has two processes: "), ready.body);
    BOOST_TEST(has(ready.body, "data folder " + folder("a")), ready.body);
    BOOST_TEST(has(ready.body, "data folder " + folder("b")), ready.body);
    BOOST_TEST(has(process->errors(), R"("level":"error")"));
    BOOST_TEST(has(process->get("/metrics").body, "banyan_other_owner{module=\"users\"} 1"));
  }
  BOOST_TEST(has(second->get("/health").body, R"("status":"module.yielded")"));
  BOOST_TEST(has(first.get("/health").body, R"("state":"serving")"));

  BOOST_TEST(gateway.await().becomes_ready());
  const auto made =
      gateway.ask({.method = "POST",
                   .path = "/v1/customers",
                   .headers = {{"Content-Type", "application/json"}, {"Idempotency-Key", "maria"}},
                   .body = R"({"name":"Maria Anders","email":"maria@example.com"})"},
                  gateway.serving());
  BOOST_REQUIRE(made.status == 201);
  for (int i = 0; i < 20; ++i) {
    BOOST_TEST(
        gateway.ask({.method = "GET", .path = *made.headers.find("Location")}, gateway.serving()).status ==
        200);
  }
}

BOOST_AUTO_TEST_CASE(the_earlier_one_is_well_again_when_the_later_one_has_ended) {
  first.signal(SIGCONT);
  BOOST_TEST(first.tells("module users has two processes"));
  BOOST_TEST(second->stop() == 0);
  BOOST_TEST(first.becomes_ready());
  Running again{users("b")};
  BOOST_TEST(again.wait() == 1);
}

BOOST_AUTO_TEST_CASE(the_later_one_serves_again_once_it_is_started_again_without_the_first) {
  first.signal(SIGCONT);
  BOOST_TEST(second->tells(R"("state":"yielded")"));
  BOOST_TEST(first.stop() == 0);
  std::this_thread::sleep_for(1s);
  BOOST_TEST(second->get("/health/ready").status == 503);
  BOOST_TEST(second->stop() == 0);
  Running again{users("b")};
  BOOST_TEST(again.await().becomes_ready());
}

BOOST_AUTO_TEST_SUITE_END()
