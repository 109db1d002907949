#define BOOST_TEST_MODULE config_load
#include "banyan/config/load.hpp"

#include <boost/test/unit_test.hpp>

#include "scratch.hpp"

using namespace banyan;
using namespace banyan::config;
using namespace std::chrono_literals;

namespace {

struct Options {
  std::string listen = "127.0.0.1:8080";
  std::string level = "info";
  std::vector<std::string> modules{"orders"};
  std::vector<std::string> sinks{"file"};
  std::string address = "1:2";
  std::vector<std::string> peers{};
  bool tls = false;
  int workers = 4;
  Duration idle_timeout = 60s;
  std::size_t body_max = 1 << 20;
};

Status is_address(const std::string& text) {
  if (text.find(':') != std::string::npos) return success();
  return Error{Errc::invalid_argument, "sample.bad_address", "'" + text + "' is no HOST:PORT"};
}

struct Fixture {
  Fixture() {
    schema.text("http.listen", &options.listen, "Address and port of the gateway.");
    schema.choice("log.level", &options.level, {"debug", "info", "warning"}, "What is not logged below.");
    schema.list("host.modules", &options.modules, "The modules that run in this process.");
    schema.list("log.sinks", &options.sinks, {"file", "stderr"}, "Where the log goes.");
    schema.text("http.address", &options.address, "Host and port.", is_address);
    schema.list("http.peers", &options.peers, "Others' hosts and ports.", is_address);
    schema.boolean("http.tls", &options.tls, "Whether the gateway speaks TLS.");
    schema.integer("http.workers", &options.workers, {1, 64}, "Threads that serve requests.");
    schema.duration("http.idle_timeout", &options.idle_timeout, {1s, 10min},
                    "A silent connection is closed.");
    schema.bytes("http.body_max", &options.body_max, {1 << 10, 64 << 20}, "A larger body is refused.");
  }

  Loaded load_text(std::string_view text) { return load(schema, {.file = scratch.file("c.toml", text)}); }

  /// The one problem, without the folder of the file.
  std::string problem_of(const Loaded& loaded) {
    BOOST_REQUIRE_EQUAL(loaded.problems.size(), 1U);
    std::string text = to_string(loaded.problems.front());
    const std::string folder = scratch.path("");
    if (text.starts_with(folder)) text.erase(0, folder.size());
    return text;
  }
  std::string problem_in(std::string_view text) { return problem_of(load_text(text)); }
  std::string problem_with(std::string name, std::string text) {
    return problem_of(load(schema, {.environment = {{std::move(name), std::move(text)}}}));
  }

  Scratch scratch;
  Options options;
  Schema schema;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(config_load, Fixture)

BOOST_AUTO_TEST_CASE(keeps_the_defaults_when_nobody_says_anything) {
  BOOST_TEST(load(schema, {}).ok());
  BOOST_TEST(options.listen == "127.0.0.1:8080");
  BOOST_TEST(options.workers == 4);
  BOOST_TEST((options.idle_timeout == 60s));
}

BOOST_AUTO_TEST_CASE(takes_every_type_from_the_file) {
  const auto loaded = load_text(R"(
    [http]
    listen = "0.0.0.0:80"
    tls = true
    workers = 8
    idle_timeout = "2min"
    body_max = "64KiB"
    [log]
    level = "debug"
    [host]
    modules = ["users", "payments"]
  )");

  BOOST_TEST(loaded.ok());
  BOOST_TEST(options.listen == "0.0.0.0:80");
  BOOST_TEST(options.tls);
  BOOST_TEST(options.workers == 8);
  BOOST_TEST((options.idle_timeout == 2min));
  BOOST_TEST(options.body_max == 65'536U);
  BOOST_TEST(options.level == "debug");
  BOOST_TEST((options.modules == std::vector<std::string>{"users", "payments"}));
}

BOOST_AUTO_TEST_CASE(takes_every_type_from_the_environment) {
  const auto loaded = load(schema, {.environment = {{"BANYAN_HTTP_LISTEN", "[::1]:80"},
                                                    {"BANYAN_HTTP_TLS", "true"},
                                                    {"BANYAN_HTTP_WORKERS", "2"},
                                                    {"BANYAN_HTTP_IDLE_TIMEOUT", "1500ms"},
                                                    {"BANYAN_HTTP_BODY_MAX", "16MiB"},
                                                    {"BANYAN_LOG_LEVEL", "warning"},
                                                    {"BANYAN_HOST_MODULES", "users, orders"},
                                                    {"PATH", "/bin"}}});

  BOOST_TEST(loaded.ok());
  BOOST_TEST(options.listen == "[::1]:80");
  BOOST_TEST(options.tls);
  BOOST_TEST(options.workers == 2);
  BOOST_TEST((options.idle_timeout == 1500ms));
  BOOST_TEST(options.body_max == 16'777'216U);
  BOOST_TEST(options.level == "warning");
  BOOST_TEST((options.modules == std::vector<std::string>{"users", "orders"}));
}

BOOST_AUTO_TEST_CASE(lets_the_environment_overrule_the_file_and_the_arguments_both) {
  const std::string file = scratch.file("c.toml", "[http]\nworkers = 1\nlisten = \"f\"\ntls = true\n");
  const auto loaded =
      load(schema, {.file = file,
                    .environment = {{"BANYAN_HTTP_WORKERS", "2"}, {"BANYAN_HTTP_LISTEN", "e"}},
                    .arguments = {{"http.workers", "3"}}});

  BOOST_TEST(loaded.ok());
  BOOST_TEST(options.workers == 3);
  BOOST_TEST(options.listen == "e");
  BOOST_TEST(options.tls);
}

BOOST_AUTO_TEST_CASE(tells_all_problems_at_once_in_the_order_of_the_file_and_changes_nothing) {
  const std::string file =
      scratch.file("c.toml", "[log]\nlevel = \"loud\"\n[http]\nlisen = \"x\"\nworkers = 65\n");
  const auto loaded = load(schema, {.file = file, .environment = {{"BANYAN_HTTP_TLS", "maybe"}}});

  std::string all;
  for (const Problem& problem : loaded.problems) all += to_string(problem) + "\n";
  BOOST_TEST(all == file + ":2:1: log.level must be one of debug, info, warning\n" +  //
                        file + ":4:1: unknown key 'http.lisen'; did you mean 'http.listen'?\n" + file +
                        ":5:1: http.workers must be 1 to 64, not 65\n" +
                        "environment BANYAN_HTTP_TLS: http.tls must be true or false\n");
  BOOST_TEST(options.level == "info");
}

BOOST_AUTO_TEST_CASE(refuses_text_that_is_not_toml_with_its_place) {
  BOOST_TEST(problem_in("[http]\nworkers = = 4\n").starts_with("c.toml:2:11: "));
  BOOST_TEST(problem_in("[http]\nworkers = 4\nworkers = 5\n").starts_with("c.toml:3:"));
  BOOST_TEST(problem_in("\xff\xfe").starts_with("c.toml:1:1: "));
  BOOST_TEST(problem_in("[http\n").starts_with("c.toml:1:"));
}

BOOST_AUTO_TEST_CASE(refuses_unknown_keys_and_sections) {
  BOOST_TEST(problem_in("[htp]\nlisten = \"x\"") ==
             "c.toml:2:1: unknown key 'htp.listen'; did you mean 'http.listen'?");
  BOOST_TEST(problem_in("workers = 4") == "c.toml:1:1: unknown key 'workers'; did you mean 'http.workers'?");
  BOOST_TEST(problem_in("[nonsense]") == "c.toml:1:2: unknown key 'nonsense'");
  BOOST_TEST(problem_in("\"http.tls\" = true").starts_with("c.toml:1:1: unknown key '\"http.tls\"'"));
  BOOST_TEST(problem_in("\"a\\u001b\\n\" = 1") == "c.toml:1:1: unknown key '\"a\\u001B\\u000A\"'");
  BOOST_TEST(problem_in("[[http]]\ntls = true") == "c.toml:1:3: http is a section; write [http]");
  BOOST_TEST(problem_in("http = 5") == "c.toml:1:1: http is a section; write [http]");
  BOOST_TEST(load_text("[http]").ok());
}

BOOST_AUTO_TEST_CASE(refuses_unknown_variables_and_arguments) {
  BOOST_TEST(problem_with("BANYAN_HTTP_LISEN", "x") ==
             "environment BANYAN_HTTP_LISEN: unknown variable 'BANYAN_HTTP_LISEN'; "
             "did you mean 'BANYAN_HTTP_LISTEN'?");
  BOOST_TEST(problem_of(load(schema, {.arguments = {{"http.lissten", "x"}}})) ==
             "command line: unknown key 'http.lissten'; did you mean 'http.listen'?");
}

BOOST_AUTO_TEST_CASE(refuses_values_of_another_type) {
  BOOST_TEST(problem_in("http.listen = 80") == "c.toml:1:6: http.listen must be a string");
  BOOST_TEST(problem_in("http.tls = 1") == "c.toml:1:6: http.tls must be true or false");
  BOOST_TEST(problem_in("http.workers = 4.0") == "c.toml:1:6: http.workers must be an integer");
  BOOST_TEST(problem_in("http.workers = \"4\"") == "c.toml:1:6: http.workers must be an integer");
  BOOST_TEST(problem_in("http.workers = 2026-01-01") == "c.toml:1:6: http.workers must be an integer");
  BOOST_TEST(problem_in("http.workers = {}") == "c.toml:1:6: http.workers must be an integer");
  BOOST_TEST(problem_in("host.modules = \"users\"") == "c.toml:1:6: host.modules must be a list of strings");
  BOOST_TEST(problem_in("host.modules = [1, 2]") == "c.toml:1:6: host.modules must be a list of strings");
  BOOST_TEST(
      problem_in("http.idle_timeout = 5").starts_with("c.toml:1:6: http.idle_timeout must be a duration"));
  BOOST_TEST(problem_in("http.body_max = 65536").starts_with("c.toml:1:6: http.body_max must be a size"));
}

BOOST_AUTO_TEST_CASE(refuses_values_outside_their_range_in_their_own_unit) {
  BOOST_TEST(problem_in("http.workers = 0") == "c.toml:1:6: http.workers must be 1 to 64, not 0");
  BOOST_TEST(problem_in("http.idle_timeout = \"11min\"") ==
             "c.toml:1:6: http.idle_timeout must be 1s to 10min, not 11min");
  BOOST_TEST(problem_in("http.body_max = \"1B\"") ==
             "c.toml:1:6: http.body_max must be 1KiB to 64MiB, not 1B");
}

BOOST_AUTO_TEST_CASE(refuses_elements_of_a_list_that_are_not_allowed) {
  BOOST_TEST(problem_in("log.sinks = [\"file\", \"fiel\"]") ==
             "c.toml:1:5: log.sinks must be of file, stderr, not \"fiel\"");
  BOOST_TEST(problem_with("BANYAN_LOG_SINKS", "x") ==
             "environment BANYAN_LOG_SINKS: log.sinks must be of file, stderr, not \"x\"");
}

BOOST_AUTO_TEST_CASE(refuses_text_that_does_not_pass_its_check) {
  BOOST_TEST(problem_in("http.address = \"x\"") == "c.toml:1:6: http.address 'x' is no HOST:PORT");
  BOOST_TEST(problem_with("BANYAN_HTTP_ADDRESS", "") ==
             "environment BANYAN_HTTP_ADDRESS: http.address '' is no HOST:PORT");
  BOOST_TEST(load_text("http.address = \"a:b\"").ok());
  BOOST_TEST(options.address == "a:b");
}

BOOST_AUTO_TEST_CASE(refuses_a_list_with_an_element_that_does_not_pass_its_check) {
  BOOST_TEST(problem_in("http.peers = [\"a:1\", \"x\"]") == "c.toml:1:6: http.peers 'x' is no HOST:PORT");
  BOOST_TEST(problem_with("BANYAN_HTTP_PEERS", "x,a:1") ==
             "environment BANYAN_HTTP_PEERS: http.peers 'x' is no HOST:PORT");
  BOOST_TEST(load_text("http.peers = [\"a:1\", \"b:2\"]").ok());
  BOOST_TEST((options.peers == std::vector<std::string>{"a:1", "b:2"}));
}

BOOST_AUTO_TEST_CASE(refuses_a_file_that_it_cannot_read) {
  BOOST_TEST(problem_of(load(schema, {.file = scratch.path("none.toml")})) ==
             "none.toml: No such file or directory");
  BOOST_TEST(problem_of(load(schema, {.file = scratch.path(".")})) == ".: is not a regular file");
  BOOST_TEST(problem_in(std::string((1 << 20) + 1, '#')) == "c.toml: is larger than 1048576 bytes");
}

BOOST_AUTO_TEST_CASE(reads_the_variables_of_this_process) {
  ::setenv("BANYAN_TEST_VARIABLE", "a=b", 1);
  BOOST_TEST(process_environment().at("BANYAN_TEST_VARIABLE") == "a=b");
}

BOOST_AUTO_TEST_SUITE_END()
