#define BOOST_TEST_MODULE host_process
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <thread>

#include "banyan/json/parse.hpp"
#include "served.hpp"

namespace {

int mode_of(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? static_cast<int>(status.st_mode & 0777) : -1;
}

bool is_installed(const char* program) {
  return std::system(("command -v " + std::string{program} + " >/dev/null").c_str()) == 0;
}

http::Request registration(const std::string& who = "maria") {
  return {.method = "POST",
          .path = "/v1/customers",
          .headers = {{"Content-Type", "application/json"}, {"Idempotency-Key", who}},
          .body = R"({"name":"Maria Anders","email":")" + who + R"(@example.com"})"};
}

/// Each file and what is in it.
std::map<std::string, std::string> contents(const std::string& directory) {
  std::map<std::string, std::string> contents;
  for (const auto& file : std::filesystem::directory_iterator{directory}) {
    std::ostringstream text;
    text << std::ifstream{file.path(), std::ios::binary}.rdbuf();
    contents[file.path().filename()] = text.str();
  }
  return contents;
}

/// Stores with four customers, to be edited by hand.
struct Edited : Folder {
  Edited() {
    Served banyan{data};
    for (const char* who : {"anna", "bea", "carla", "dora"}) {
      BOOST_TEST(http::Client{{.port = port_of(banyan.serving)}}.send(registration(who)).value().status ==
                 201);
    }
    BOOST_REQUIRE(banyan.stop() == 0);
    BOOST_REQUIRE(check().status == 0);
  }

  Outcome check() const { return run({"check", "--data-dir", data}); }
  void sqlite(const std::string& module, const std::string& sql) const {
    ChildProcess editor{{"/usr/bin/sqlite3", data + "/" + module + "/store.db", sql}};
    BOOST_REQUIRE(editor.wait() == 0);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(the_command_line, Folder)

BOOST_AUTO_TEST_CASE(tells_the_version) {
  const Outcome outcome = run({"--version"});
  BOOST_TEST(outcome.status == 0);
  BOOST_TEST(outcome.output.starts_with("banyan 0."));
}

BOOST_AUTO_TEST_CASE(prints_the_configuration_in_effect_which_can_be_read_again) {
  const Outcome outcome =
      run({"--listen", "127.0.0.1:1234", "--print-config"}, {{"BANYAN_STORE_READERS", "3"}});
  BOOST_TEST(outcome.status == 0);
  BOOST_TEST(has(outcome.output, "listen = \"127.0.0.1:1234\""));
  BOOST_TEST(has(outcome.output, "readers = 3"));
  const Outcome again = run({"--config", file("printed.toml", outcome.output), "--check-config"});
  BOOST_TEST(again.status == 0);
  BOOST_TEST(again.output == "the configuration is right\n");
}

BOOST_AUTO_TEST_CASE(is_told_all_that_is_wrong_with_the_configuration_at_once) {
  const std::string config = file("banyan.toml", R"([http]
lisen = "127.0.0.1:80"
listen = "localhost"
threads = 0

[process]
modules = ["orders", "cellar"]

[delivery]
retry_delay = 5
)");
  const Outcome outcome =
      run({"--config", config, "--check-config"}, {{"BANYAN_LOG_LEVEL", "loud"}, {"BANYAN_LOG_LEVLE", "x"}});
  BOOST_TEST(outcome.status == 2);
  for (const std::string& line :
       {config + ":2:1: unknown key 'http.lisen'; did you mean 'http.listen'?",
        config + ":3:1: http.listen 'localhost' is no ADDRESS:PORT",
        config + ":4:1: http.threads must be 1 to 64, not 0",
        config + ":7:1: process.modules must be of users, inventory, orders, payments, shipping, "
                 "notifications, not \"cellar\"",
        config + ":10:1: delivery.retry_delay must be a duration",
        std::string{"environment BANYAN_LOG_LEVEL: log.level must be one of debug, info"},
        std::string{"environment BANYAN_LOG_LEVLE: unknown variable 'BANYAN_LOG_LEVLE'; did you mean "
                    "'BANYAN_LOG_LEVEL'?"}}) {
    BOOST_TEST(has(outcome.errors, "banyan: " + line), line << "\nin\n" << outcome.errors);
  }
  BOOST_TEST(outcome.output == "");
}

BOOST_AUTO_TEST_CASE(is_told_what_does_not_fit_together) {
  const Outcome outcome = run({"--nats-url", "nats://127.0.0.1:4222", "--check-config"});
  BOOST_TEST(outcome.status == 2);
  BOOST_TEST(has(outcome.errors, "banyan: nats.url needs nats.pki"), outcome.errors);
  BOOST_TEST(has(outcome.errors, "banyan: nats.url needs nats.keys"), outcome.errors);
}

BOOST_AUTO_TEST_CASE(has_the_options_that_make_sense_for_the_program) {
  const std::tuple<const char*, const char*, std::vector<const char*>, std::vector<const char*>> table[] = {
      {BANYAN_PROGRAM, "Runs modules of the shop", {"--modules", "--listen", "--standby", "backup"}, {}},
      {USERS_PROGRAM,
       "Runs the module users",
       {"--data-dir", "--standby", "check"},
       {"--modules", " --listen"}},
      {GATEWAY_PROGRAM, "Serves the HTTP operations", {"--listen"}, {"--data-dir", "--standby", "backup"}},
  };
  for (const auto& [program, purpose, known, unknown] : table) {
    ChildProcess child{{program, "--help"}};
    BOOST_TEST(child.wait() == 0);
    const std::string help = child.output();
    BOOST_TEST(help.starts_with(purpose), help);
    for (const char* option : known) BOOST_TEST(has(help, option), option << " in\n" << help);
    for (const char* option : unknown) BOOST_TEST(!has(help, option), option << " in\n" << help);
  }
}

BOOST_AUTO_TEST_CASE(is_refused_if_it_is_wrong_and_nothing_is_made) {
  const std::vector<std::vector<std::string>> table = {
      {"--data-dir", data, "--modules", "cellar"},
      {"--data-dir", data, "--listen", "8080"},
      {"--data-dir", data, "--nats-url", "nats://127.0.0.1:4222"},
      {"--data-dir", data, "--no-such-option"},
      {"--data-dir", data, "no-such-command"},
      {"--data-dir", data, "--config", path("none.toml")},
      {"backup", "--data-dir", data},
  };
  for (const auto& arguments : table) {
    BOOST_TEST_CONTEXT(arguments.back()) {
      const Outcome outcome = run(arguments);
      BOOST_TEST(outcome.status == 2);
      BOOST_TEST(outcome.errors != "");
      BOOST_TEST(!std::filesystem::exists(data));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(the_process, Folder)

BOOST_AUTO_TEST_CASE(says_where_it_serves_what) {
  Served banyan{data};
  BOOST_TEST(banyan.serving.starts_with("serving http://127.0.0.1:"));
  BOOST_TEST(banyan.administration.starts_with("administration http://127.0.0.1:"));
  BOOST_TEST(banyan.modules == "modules users inventory orders payments shipping notifications");
}

BOOST_AUTO_TEST_CASE(is_live_ready_and_well_and_serves_administration_apart) {
  const Served banyan{data};
  for (const char* page : {"/health", "/health/live", "/health/ready"}) {
    BOOST_TEST(banyan.get(page).status == 200, page);
    BOOST_TEST(banyan.ask_administration(page).status == 200, page);
  }
  for (const char* page : {"/admin/parked/orders", "/admin/sagas"}) {
    BOOST_TEST(banyan.ask_administration(page).body == R"({"items":[]})", page);
    BOOST_TEST(banyan.get(page).status == 404, page);
  }
  BOOST_TEST(banyan.ask_administration("/v1/orders").status == 404);
}

BOOST_AUTO_TEST_CASE(serves_the_documents_of_all_modules_as_one) {
  const Served banyan{data};
  const auto document = json::parse(banyan.get("/openapi.json").body, {.elements_max = 1'000'000});
  BOOST_REQUIRE(document.ok());
  const json::Value& paths = *document.value().find("paths");
  for (const char* path : {"/v1/customers", "/v1/products", "/v1/orders", "/v1/payments", "/v1/shipments",
                           "/v1/notifications"}) {
    BOOST_TEST((paths.find(path) != nullptr), path);
  }
}

BOOST_AUTO_TEST_CASE(has_metrics_that_pass_the_check_of_prometheus,
                     *boost::unit_test::precondition([](auto) { return is_installed("promtool"); })) {
  const Served banyan{data};
  BOOST_TEST(http::Client{{.port = port_of(banyan.serving)}}.send(registration()).value().status == 201);
  const std::string metrics = banyan.get("/metrics").body;
  for (const char* name : {"http_server_request_duration_seconds_bucket", "banyan_outbox_depth",
                           "banyan_outbox_oldest_age_seconds", "banyan_dead_letters", "banyan_mailbox_depth",
                           "process_resident_memory_bytes", "banyan_log_lines_lost_total"}) {
    BOOST_TEST(has(metrics, name), name);
  }
  BOOST_TEST(has(metrics,
                 "banyan_consumer_messages_total{module=\"users\",outcome=\"done\","
                 "type=\"users.register_customer.v1\"} 1\n"));
  std::FILE* promtool = ::popen("promtool check metrics", "w");
  BOOST_REQUIRE(promtool != nullptr);
  std::fputs(metrics.c_str(), promtool);
  BOOST_TEST(::pclose(promtool) == 0);
}

BOOST_AUTO_TEST_CASE(keeps_what_it_was_told_over_its_end_and_answers_a_repeat_as_before) {
  Served banyan{data};
  const auto first = http::Client{{.port = port_of(banyan.serving)}}.send(registration()).value();
  BOOST_TEST(first.status == 201);
  BOOST_TEST(banyan.stop() == 0);
  Served next{data};
  const auto second = http::Client{{.port = port_of(next.serving)}}.send(registration()).value();
  BOOST_TEST(second.status == 201);
  BOOST_TEST(second.body == first.body);
  BOOST_TEST(next.get(*first.headers.find("Location")).status == 200);
}

BOOST_AUTO_TEST_CASE(drains_and_ends_well_when_it_is_told_to) {
  for (const int signal : {SIGTERM, SIGINT}) {
    Served banyan{data};
    http::Client idle{{.port = port_of(banyan.serving)}};  // a connection that stays open
    BOOST_TEST(idle.send({.method = "GET", .path = "/health"}).ok());
    BOOST_TEST(banyan.stop(signal) == 0);
    BOOST_TEST(has(banyan.child.errors(), R"("message":"stopping")"));
  }
}

BOOST_AUTO_TEST_CASE(ends_well_although_it_is_told_of_new_certificates_meanwhile) {
  Served banyan{data};
  banyan.child.signal(SIGTERM);
  for (int i = 0; i < 5000; ++i) banyan.child.signal(SIGHUP);
  BOOST_TEST(banyan.child.wait() == 0);
}

BOOST_AUTO_TEST_CASE(logs_one_json_object_a_line) {
  Served banyan{data};
  BOOST_TEST(banyan.get("/v1/nothing").status == 404);
  BOOST_TEST(banyan.stop() == 0);
  std::istringstream lines{banyan.child.errors()};
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) BOOST_TEST(json::parse(line).ok(), line);
  BOOST_TEST(count > 6);
}

BOOST_AUTO_TEST_CASE(keeps_its_files_to_itself) {
  Served banyan{data};
  BOOST_TEST(mode_of(data) == 0700);
  BOOST_TEST(mode_of(data + "/orders") == 0700);
  BOOST_TEST(mode_of(data + "/orders/store.db") == 0600);
}

BOOST_AUTO_TEST_CASE(opens_as_many_files_as_it_may_also_where_programs_usually_open_few) {
  rlimit before{};
  BOOST_REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
  rlimit few = before;
  few.rlim_cur = 256;
  BOOST_REQUIRE(::setrlimit(RLIMIT_NOFILE, &few) == 0);
  const Served served{data};
  ::setrlimit(RLIMIT_NOFILE, &before);
  const std::string line = "\nprocess_max_fds " + std::to_string(before.rlim_max) + "\n";
  BOOST_TEST(has(served.get("/metrics").body, line));
}

BOOST_AUTO_TEST_CASE(does_not_start_where_another_one_listens) {
  const Served banyan{data};
  const Outcome outcome =
      run({"--data-dir", path("other"), "--listen", "127.0.0.1:" + std::to_string(port_of(banyan.serving)),
           "--admin-listen", anywhere});
  BOOST_TEST(outcome.status == 1);
  BOOST_TEST(has(outcome.errors, "http.port_taken"), outcome.errors);
  BOOST_TEST(banyan.get("/health/ready").status == 200);
}

BOOST_AUTO_TEST_CASE(does_not_start_on_the_stores_of_another_one) {
  const Served banyan{data};
  const Outcome outcome = run({"--data-dir", data, "--listen", anywhere, "--admin-listen", anywhere});
  BOOST_TEST(outcome.status == 1);
  BOOST_TEST(has(outcome.errors, "store.in_use"), outcome.errors);
  BOOST_TEST(outcome.output == "");
  BOOST_TEST(banyan.get("/health/ready").status == 200);
}

BOOST_AUTO_TEST_CASE(runs_the_modules_that_it_is_told_to) {
  ChildProcess child{{BANYAN_PROGRAM, "--data-dir", data, "--modules", "users", "--listen", anywhere,
                      "--admin-listen", anywhere}};
  const auto serving = child.read_line();
  child.read_line();
  BOOST_TEST(child.read_line().value_or("") == "modules users");
  BOOST_TEST(Served::get(port_of(serving.value()), "/v1/orders").status == 404);
  BOOST_TEST(!std::filesystem::exists(data + "/orders"));
}

BOOST_AUTO_TEST_CASE(ends_at_the_fault_point_that_its_environment_tells) {
  BOOST_TEST(run({"--data-dir", data, "--listen", anywhere, "--admin-listen", anywhere},
                 {{"FAULT_POINT", "before_commit:1"}})
                 .status == 137);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(its_stores, Folder)

BOOST_AUTO_TEST_CASE(are_copied_and_checked_while_they_are_in_use) {
  Served banyan{data};
  BOOST_TEST(http::Client{{.port = port_of(banyan.serving)}}.send(registration()).value().status == 201);
  const Outcome copied = run({"backup", "--data-dir", data, "--to", path("copies")});
  BOOST_TEST(copied.status == 0, copied.errors);
  BOOST_TEST(copied.output ==
             "users: ok\ninventory: ok\norders: ok\npayments: ok\nshipping: ok\nnotifications: ok\na set of "
             "6 is in " +
                 path("copies") + "\n");
  BOOST_TEST(mode_of(path("copies")) == 0700);
  BOOST_TEST(mode_of(path("copies") + "/users.db") == 0600);
  const Outcome checked = run({"check", "--data-dir", data});
  BOOST_TEST(checked.status == 0, checked.errors);
  BOOST_TEST(banyan.stop() == 0);
}

BOOST_AUTO_TEST_CASE(live_on_as_their_copies) {
  Served banyan{data};
  const auto first = http::Client{{.port = port_of(banyan.serving)}}.send(registration()).value();
  BOOST_TEST(run({"backup", "--data-dir", data, "--to", path("copies")}).status == 0);
  BOOST_TEST(banyan.stop() == 0);
  const Outcome back = run({"restore", "--from", path("copies"), "--data-dir", path("restored")});
  BOOST_TEST(back.status == 0, back.errors);
  BOOST_TEST(mode_of(path("restored/users")) == 0700);
  BOOST_TEST(mode_of(path("restored/users/store.db")) == 0600);
  const Served restored{path("restored")};
  BOOST_TEST(restored.get(*first.headers.find("Location")).status == 200);
}

/// A shop that has been backed up with one customer, and has two now.
struct SavedShop : Folder {
  SavedShop() {
    Served banyan{data};
    add_customer(banyan, "anna");
    BOOST_REQUIRE(run({"backup", "--data-dir", data, "--to", path("copies")}).status == 0);
    add_customer(banyan, "bea");
    BOOST_REQUIRE(banyan.stop() == 0);
  }

  static void add_customer(const Served& banyan, const std::string& who) {
    const auto answer = http::Client{{.port = port_of(banyan.serving)}}.send(registration(who));
    BOOST_REQUIRE(answer.value().status == 201);
  }
  Outcome restore(const std::string& folder, std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments{"restore", "--from", path("copies"), "--data-dir", folder};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }
  bool is_begun(const std::string& folder) const {
    return exists(folder + "/users/restoring") || exists(folder + "/users/store.db");
  }
  static bool exists(const std::string& file) { return std::filesystem::exists(file); }
};

BOOST_FIXTURE_TEST_CASE(are_served_by_no_process_while_a_restore_that_was_killed_is_not_run_again,
                        SavedShop) {
  for (const int delay : {5, 20, 40, 60, 80, 120, 160}) {
    const std::string folder = path("killed after " + std::to_string(delay));
    {
      ChildProcess killed{{BANYAN_PROGRAM, "restore", "--from", path("copies"), "--data-dir", folder}};
      std::this_thread::sleep_for(std::chrono::milliseconds{delay});
      killed.signal(SIGKILL);
      killed.wait();
    }
    const bool has_begun = is_begun(folder);
    const bool is_done = exists(folder + "/notifications/store.db") && !exists(folder + "/users/restoring") &&
                         !exists(folder + "/notifications/restoring");
    if (has_begun && !is_done) {
      const Outcome served = run({"--data-dir", folder, "--listen", anywhere, "--admin-listen", anywhere});
      BOOST_TEST(served.status == 1);
      BOOST_TEST(has(served.errors, "store.restoring"), served.errors);
    }
    const Outcome again = restore(folder);
    BOOST_TEST(again.status == (is_done ? 1 : 0), again.errors);
    const Outcome checked = run({"check", "--data-dir", folder});
    BOOST_TEST(checked.status == 0, checked.errors);
  }
}

BOOST_FIXTURE_TEST_CASE(go_on_with_one_of_them_set_back_alone_once_its_links_are_resumed, SavedShop) {
  std::filesystem::rename(data + "/users", path("before"));
  const Outcome restored = restore(data, {"--module", "users"});
  BOOST_TEST(restored.status == 0, restored.errors);
  BOOST_TEST(has(restored.output, "users to orders: has stopped: "), restored.output);
  BOOST_TEST(has(restored.output, "orders has of 1 row behind that, 2 to 2, what concerned it"),
             restored.output);
  const Outcome apart = run({"check", "--data-dir", data});
  BOOST_TEST(apart.status == 1);
  BOOST_TEST(has(apart.errors, "orders: delivery.diverged"), apart.errors);
  {
    Served banyan{data};
    const auto tells = [&] { return has(banyan.ask_administration("/health").body, "delivery.diverged"); };
    // Links begin by and by.
    for (int i = 0; i < 500 && !tells(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds{10});
    BOOST_TEST(tells());
    BOOST_TEST(banyan.stop() == 0);
  }

  std::istringstream said{restored.output};
  for (std::string word, producer, subscriber; said >> word;) {
    if (word != "resume" || !(said >> producer >> subscriber)) continue;
    const std::vector<std::string> link{"link", "resume", producer, subscriber, "--data-dir", data};
    const Outcome told = run(link);
    BOOST_TEST(has(told.output, "nothing was changed; next: stop " + subscriber), told.output + told.errors);
    std::vector<std::string> applied = link;
    applied.emplace_back("--apply");
    BOOST_TEST(run(applied).status == 0);
  }

  const Outcome together = run({"check", "--data-dir", data});
  BOOST_TEST(together.status == 0, together.errors);
  Served banyan{data};
  add_customer(banyan, "carla");
  BOOST_TEST(!has(banyan.ask_administration("/health").body, "stopped_links"));
  BOOST_TEST(banyan.stop() == 0);
  BOOST_TEST(run({"check", "--data-dir", data}).status == 0);
}

BOOST_AUTO_TEST_CASE(are_not_copied_over_older_copies) {
  BOOST_TEST(Served{data}.stop() == 0);
  BOOST_TEST(run({"backup", "--data-dir", data, "--to", path("copies")}).status == 0);
  const Outcome again = run({"backup", "--data-dir", data, "--to", path("copies")});
  BOOST_TEST(again.status == 1);
  BOOST_TEST(has(again.errors, "backup: backup.not_empty: " + path("copies") + " holds a set already"),
             again.errors);
}

BOOST_AUTO_TEST_CASE(are_missed_where_there_are_none) {
  for (const auto& arguments :
       {std::vector<std::string>{"check", "--data-dir", data},
        std::vector<std::string>{"backup", "--data-dir", data, "--to", path("copies")}}) {
    const Outcome outcome = run(arguments);
    BOOST_TEST(outcome.status == 1);
    BOOST_TEST(has(outcome.errors, "banyan: orders: store.not_there: there is no " + data), outcome.errors);
    BOOST_TEST(!std::filesystem::exists(data));
  }
}

BOOST_FIXTURE_TEST_CASE(are_whole_also_where_they_were_copied_to_and_are_only_read, Edited) {
  BOOST_TEST(run({"backup", "--data-dir", data, "--to", path("copies")}).status == 0);
  std::filesystem::create_directories(path("restored/users"));
  std::filesystem::copy_file(path("copies/users.db"), path("restored/users/store.db"));
  const auto before = contents(path("restored/users"));
  const Outcome checked = run({"--modules", "users", "check", "--data-dir", path("restored")});
  BOOST_TEST(checked.status == 0, checked.errors);
  BOOST_TEST((contents(path("restored/users")) == before));
}

BOOST_FIXTURE_TEST_CASE(show_a_row_of_a_log_that_was_edited, Edited) {
  sqlite("users", "UPDATE banyan_outbox SET payload = replace(payload, 'Maria', 'Mario') WHERE seq = 2");
  const std::string line =
      "users: delivery.chain_broken: row 2 is not what was added there; look: sqlite3 "
      "-readonly " +
      data +
      "/users/store.db \"SELECT * FROM banyan_outbox WHERE seq "
      "BETWEEN 1 AND 3\", then docs/how-to/back-up.md, 'When a check finds something'\n";
  const Outcome all = check();
  BOOST_TEST(all.status == 1);
  BOOST_TEST(all.errors == "banyan: " + line);
  BOOST_TEST(all.output == "inventory: ok\norders: ok\npayments: ok\nshipping: ok\nnotifications: ok\n");
  ChildProcess alone{{USERS_PROGRAM, "check", "--data-dir", data}};
  BOOST_TEST(alone.wait() == 1);
  BOOST_TEST(alone.errors() == "banyan-users: " + line);
}

BOOST_FIXTURE_TEST_CASE(show_a_row_of_a_log_that_is_missing, Edited) {
  sqlite("users", "DELETE FROM banyan_outbox WHERE seq = 2");
  const Outcome outcome = check();
  BOOST_TEST(outcome.status == 1);
  BOOST_TEST(has(outcome.errors, "users: delivery.log_incomplete: row 2 is missing; look: "), outcome.errors);
}

BOOST_FIXTURE_TEST_CASE(are_whole_again_when_the_rows_of_a_copy_are_put_back, Edited) {
  BOOST_TEST(run({"backup", "--data-dir", data, "--to", path("copies")}).status == 0);
  sqlite("users", "DELETE FROM banyan_outbox WHERE seq = 2");
  sqlite("users", "UPDATE banyan_outbox SET headers = '{}' WHERE seq = 3");
  BOOST_TEST(check().status == 1);
  sqlite("users", "ATTACH '" + path("copies/users.db") +
                      "' AS copy; INSERT OR REPLACE INTO banyan_outbox SELECT * FROM copy.banyan_outbox "
                      "WHERE seq BETWEEN 2 AND 3");
  BOOST_TEST(check().status == 0);
}

BOOST_FIXTURE_TEST_CASE(show_rows_of_a_log_that_were_swapped, Edited) {
  sqlite("users",
         "UPDATE banyan_outbox SET seq = -2 WHERE seq = 2; UPDATE banyan_outbox SET seq = 2 WHERE seq = 3; "
         "UPDATE banyan_outbox SET seq = 3 WHERE seq = -2");
  const Outcome outcome = check();
  BOOST_TEST(outcome.status == 1);
  BOOST_TEST(
      has(outcome.errors, "users: delivery.chain_broken: rows 2 to 4 are not all what was added there"),
      outcome.errors);
}

BOOST_FIXTURE_TEST_CASE(show_a_position_that_the_producer_does_not_have, Edited) {
  sqlite("orders", "UPDATE banyan_inbox SET seq = 99 WHERE producer = 'users'");
  sqlite("notifications", "UPDATE banyan_inbox SET hash = zeroblob(16) WHERE producer = 'users'");
  const Outcome outcome = check();
  BOOST_TEST(outcome.status == 1);
  BOOST_TEST(has(outcome.errors,
                 "banyan: orders: delivery.diverged: the subscriber is at 99, the log ends at 4 "
                 "(log of users); look: sqlite3 "),
             outcome.errors);
  BOOST_TEST(has(outcome.errors,
                 "banyan: notifications: delivery.diverged: the log has another row at 4 (log of users)"),
             outcome.errors);
  BOOST_TEST(has(outcome.output, "users: ok"), outcome.output);
}

BOOST_AUTO_TEST_CASE(are_told_to_be_damaged_when_they_are) {
  BOOST_TEST(Served{data}.stop() == 0);
  std::fstream file{data + "/orders/store.db", std::ios::in | std::ios::out | std::ios::binary};
  file.seekp(8192);
  file << std::string(8192, 'x');
  file.close();
  const Outcome outcome = run({"check", "--data-dir", data});
  BOOST_TEST(outcome.status == 1);
  BOOST_TEST(has(outcome.errors, "orders: store."), outcome.errors);
  BOOST_TEST(has(outcome.output, "users: ok"));
}

BOOST_AUTO_TEST_SUITE_END()
