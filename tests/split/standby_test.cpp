// A second process with the same stores waits, and takes over from the first.
#define BOOST_TEST_MODULE split_standby
#include <boost/test/unit_test.hpp>
#include <charconv>
#include <chrono>
#include <csignal>
#include <optional>
#include <string>

#include "banyan/http/client.hpp"
#include "banyan/testing/child_process.hpp"
#include "banyan/testing/temporary_directory.hpp"

using namespace banyan;
using std::string;

namespace {

/// banyan-users as somebody starts it.
class Users {
 public:
  explicit Users(const string& data, bool is_standby = false) : program_(command(data, is_standby)) {}

  /// Reads on to the line that begins like this: what comes after that.
  string await(const string& beginning) {
    while (const auto line = program_.read_line()) {
      if (line->starts_with("administration http://127.0.0.1:")) admin_ = line->substr(line->rfind(':') + 1);
      if (line->starts_with(beginning)) return line->substr(beginning.size());
    }
    throw std::runtime_error("it has ended: " + program_.errors());
  }

  http::Response get(const string& path) {
    http::Client::Options options;
    std::from_chars(admin_.data(), admin_.data() + admin_.size(), options.port);
    return http::Client{options}.send({.method = "GET", .path = path}).value();
  }

  void signal(int number) { program_.signal(number); }
  int wait() { return program_.wait(); }
  string errors() const { return program_.errors(); }

 private:
  static std::vector<string> command(const string& data, bool is_standby) {
    std::vector<string> words{USERS_PROGRAM, "--data-dir", data,  "--admin-listen",
                              "127.0.0.1:0", "--nats-url", "none"};
    if (is_standby) words.emplace_back("--standby");
    return words;
  }

  testing::ChildProcess program_;
  string admin_;
};

struct Stores {
  testing::TemporaryDirectory disk;
  string data = disk.path() + "/data";
};

bool contains(const string& text, const string& part) { return text.find(part) != string::npos; }

}  // namespace

BOOST_FIXTURE_TEST_SUITE(a_standby, Stores)

BOOST_AUTO_TEST_CASE(owns_at_once_what_nobody_has) {
  Users alone{data, true};
  alone.await("modules users");
  BOOST_TEST(alone.get("/health/ready").status == 200);
  BOOST_TEST(contains(alone.get("/health").body, R"("owner_epoch":1)"));
}

BOOST_AUTO_TEST_CASE(says_that_it_waits_and_for_whom_and_takes_no_work) {
  Users owner{data};
  owner.await("modules users");
  Users standby{data, true};
  BOOST_TEST(standby.await("standing by: process ").size() > 0U);
  BOOST_TEST(standby.get("/health/live").status == 200);
  const auto ready = standby.get("/health/ready");
  BOOST_TEST(ready.status == 503);
  BOOST_TEST(contains(ready.body, "standby"));
  BOOST_TEST(contains(standby.get("/health").body, R"("status":"standby")"));
  BOOST_TEST(standby.get("/admin/parked").status == 503);
  BOOST_TEST(owner.get("/health/ready").status == 200);
}

BOOST_AUTO_TEST_CASE(owns_the_store_within_a_second_of_a_kill_with_a_higher_epoch) {
  Users first{data};
  first.await("modules users");
  BOOST_TEST(contains(first.get("/health").body, R"("owner_epoch":1)"));
  Users second{data, true};
  second.await("standing by: ");
  Users third{data, true};
  third.await("standing by: ");

  second.signal(SIGSTOP);  // so that it is known who takes over
  const auto killed = std::chrono::steady_clock::now();
  first.signal(SIGKILL);
  third.await("modules users");
  const auto pause = std::chrono::steady_clock::now() - killed;
  BOOST_TEST((pause < std::chrono::seconds{1}));
  BOOST_TEST(third.get("/health/ready").status == 200);
  BOOST_TEST(contains(third.get("/health").body, R"("owner_epoch":2)"));

  second.signal(SIGCONT);
  BOOST_TEST(second.get("/health/ready").status == 503);
  third.signal(SIGTERM);
  BOOST_TEST(third.wait() == 0);
  second.await("modules users");
  BOOST_TEST(contains(second.get("/health").body, R"("owner_epoch":3)"));
}

BOOST_AUTO_TEST_CASE(does_not_take_over_from_an_owner_that_stands_still) {
  Users owner{data};
  owner.await("modules users");
  Users standby{data, true};
  standby.await("standing by: ");
  owner.signal(SIGSTOP);
  for (int looks = 0; looks < 20; ++looks) BOOST_TEST(standby.get("/health/ready").status == 503);
  owner.signal(SIGCONT);
  BOOST_TEST(owner.get("/health/ready").status == 200);
}

BOOST_AUTO_TEST_CASE(ends_when_it_is_told_to) {
  Users owner{data};
  owner.await("modules users");
  Users standby{data, true};
  standby.await("standing by: ");
  standby.signal(SIGTERM);
  BOOST_TEST(standby.wait() == 0);
  BOOST_TEST(owner.get("/health/ready").status == 200);
}

BOOST_AUTO_TEST_CASE(is_what_a_second_process_has_to_ask_for) {
  Users owner{data};
  owner.await("modules users");
  Users second{data};
  BOOST_TEST(second.wait() == 1);
  BOOST_TEST(contains(second.errors(), "store.in_use"));
}

BOOST_AUTO_TEST_SUITE_END()
