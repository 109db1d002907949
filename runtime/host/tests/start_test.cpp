// A start checks and says all this before it makes anything.
#define BOOST_TEST_MODULE host_start
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "served.hpp"

namespace {

namespace fs = std::filesystem;

std::string on_port(const std::string& line) { return "127.0.0.1:" + std::to_string(port_of(line)); }

/// `options` are names and values in turn; they stand in for those that a test gives otherwise.
Outcome start(const std::string& data_dir, const std::vector<std::string>& options) {
  std::vector<std::string> words = Served::command(data_dir, {});
  words.erase(words.begin());
  for (std::size_t i = 0; i < options.size(); i += 2) {
    const auto given = std::find(words.begin(), words.end(), options[i]);
    if (given != words.end()) words.erase(given, given + 2);
  }
  words.insert(words.end(), options.begin(), options.end());
  return run(std::move(words));
}

/// A process of the module users alone.
struct Users {
  explicit Users(const std::string& data_dir, std::vector<std::string> options = {})
      : child{command(data_dir, std::move(options))} {
    administration = child.read_line().value_or("");
  }
  static std::vector<std::string> command(const std::string& data_dir, std::vector<std::string> options) {
    std::vector<std::string> words{USERS_PROGRAM, "--data-dir", data_dir, "--admin-listen", anywhere};
    words.insert(words.end(), options.begin(), options.end());
    return words;
  }
  http::Response get(std::string path) const { return Served::get(port_of(administration), std::move(path)); }
  std::string end() {
    child.signal(SIGTERM);
    BOOST_TEST(child.wait() == 0);
    return child.errors();
  }

  ChildProcess child;
  std::string administration;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(a_start_that_fails, Folder)

BOOST_AUTO_TEST_CASE(makes_nothing) {
  const Served other{path("other")};
  const std::tuple<const char*, std::vector<std::string>> table[] = {
      {"http.port_taken", {"--listen", on_port(other.serving)}},
      {"http.port_taken", {"--admin-listen", on_port(other.administration)}},
      {"http.bad_address", {"--listen", "192.0.2.1:0"}},
      {"security.no_file",
       {"--nats-url", "nats://127.0.0.1:1", "--pki", path("pki"), "--keys", path("keys")}},
      {"host.no_store", {"--create", "never"}},
      {"nats.url", {"--nats-url", "http://127.0.0.1"}},
  };
  for (const auto& [reason, options] : table) {
    BOOST_TEST_CONTEXT(reason) {
      const Outcome outcome = start(data, options);
      BOOST_TEST((outcome.status == 1 || outcome.status == 2));
      BOOST_TEST(has(outcome.errors, reason), outcome.errors);
      BOOST_TEST(!fs::exists(data));
    }
  }
}

BOOST_AUTO_TEST_CASE(makes_no_store_beside_one_that_another_process_has) {
  const Users owner{data};
  const Outcome outcome = start(data, {});
  BOOST_TEST(outcome.status == 1);
  BOOST_TEST(has(outcome.errors, "store.in_use: module users in " + data), outcome.errors);
  BOOST_TEST(!fs::exists(data + "/orders"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(a_data_folder, Folder)

BOOST_AUTO_TEST_CASE(that_is_new_is_said_to_be_new_once) {
  Served first{data};
  BOOST_TEST(first.child.read_line().value_or("") ==
             "new stores in " + data + ": users inventory orders payments shipping notifications");
  BOOST_TEST(first.stop() == 0);
  BOOST_TEST(has(first.child.errors(), R"("level":"warning","service":"banyan","message":"new stores")"),
             first.child.errors());
  Served second{data};
  BOOST_TEST(second.stop() == 0);
  BOOST_TEST(second.child.output() == "");
  BOOST_TEST(!has(second.child.errors(), "new stores"));
}

BOOST_AUTO_TEST_CASE(that_lacks_a_store_beside_others_is_said_to) {
  BOOST_TEST(Served{data}.stop() == 0);
  fs::remove_all(data + "/orders");
  Served banyan{data};
  BOOST_TEST(banyan.child.read_line().value_or("") == "new stores in " + data + ": orders");
  BOOST_TEST(banyan.stop() == 0);
  BOOST_TEST(
      has(banyan.child.errors(), R"("stores_before":"inventory notifications payments shipping users")"),
      banyan.child.errors());
}

BOOST_AUTO_TEST_CASE(is_named_in_full) {
  fs::create_directories(path("here"));
  fs::create_directory_symlink(path("here"), path("link"));
  Served banyan{path("link") + "/../here/./data"};
  BOOST_TEST(has(banyan.child.read_line().value_or(""), "new stores in " + path("here") + "/data: "));
}

BOOST_AUTO_TEST_CASE(is_not_filled_where_stores_have_to_be_there) {
  BOOST_TEST(Served{data}.stop() == 0);
  fs::remove_all(data + "/orders");
  fs::remove_all(data + "/users");
  const Outcome outcome = start(data, {"--create", "never"});
  BOOST_TEST(outcome.status == 1);
  BOOST_TEST(has(outcome.errors, "host.no_store: there is no store of users, orders in " + data),
             outcome.errors);
  BOOST_TEST(has(outcome.errors, "--create missing"));
  BOOST_TEST(!fs::exists(data + "/orders"));
}

BOOST_AUTO_TEST_CASE(serves_where_stores_have_to_be_there_and_are) {
  BOOST_TEST(Served{data}.stop() == 0);
  const Served banyan{data, {"--create", "never"}};
  BOOST_TEST(banyan.get("/health/ready").status == 200);
}

BOOST_AUTO_TEST_CASE(that_holds_a_backup_is_refused_with_the_command_that_restores_it) {
  BOOST_TEST(Served{data}.stop() == 0);
  BOOST_TEST(run({"backup", "--data-dir", data, "--to", path("my copies")}).status == 0);
  const Outcome outcome = start(path("my copies"), {});
  BOOST_TEST(outcome.status == 1);
  BOOST_TEST(has(outcome.errors, "host.is_backup"), outcome.errors);
  BOOST_TEST(has(outcome.errors, "banyan restore --from '" + path("my copies") + "' --data-dir"));
  BOOST_TEST(!fs::exists(path("my copies") + "/orders"));
  const Users refused{path("my copies")};
  BOOST_TEST(refused.administration == "");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(a_process_without_its_neighbours, Folder)

BOOST_AUTO_TEST_CASE(that_names_no_broker_says_that_it_is_alone_and_is_not_ready) {
  Users users{data};
  const auto ready = users.get("/health/ready");
  BOOST_TEST(ready.status == 503);
  BOOST_TEST(has(ready.body, "--nats-url nats://"), ready.body);
  const auto health = users.get("/health");
  BOOST_TEST(health.status == 503);
  BOOST_TEST(has(health.body, R"("not_ready":["alone: users can't reach gateway, )"), health.body);
  const std::string errors = users.end();
  BOOST_TEST(has(errors, "banyan-users: alone: users can't reach gateway, "), errors);
  BOOST_TEST(has(errors, R"("level":"warning","service":"banyan-users","message":"alone")"), errors);
}

BOOST_AUTO_TEST_CASE(is_ready_where_it_is_to_be_alone) {
  Users users{data, {"--nats-url", "none"}};
  BOOST_TEST(users.get("/health/ready").status == 200);
  BOOST_TEST(users.get("/health").status == 200);
  BOOST_TEST(!has(users.end(), "alone"));
}

BOOST_AUTO_TEST_CASE(is_alone_also_with_operations_of_its_own) {
  const Served some{data, {"--modules", "users,orders"}};
  BOOST_TEST(
      has(some.get("/health/ready").body, "users, orders can't reach inventory, notifications, payments"));
  const Served wanted{path("wanted"), {"--modules", "users,orders", "--nats-url", "none"}};
  BOOST_TEST(wanted.get("/health/ready").status == 200);
}

BOOST_AUTO_TEST_CASE(is_not_alone_with_all_of_them) {
  Served all{data};
  BOOST_TEST(all.stop() == 0);
  BOOST_TEST(!has(all.child.errors(), "alone"));
}

BOOST_AUTO_TEST_SUITE_END()
