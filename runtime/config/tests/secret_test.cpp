#define BOOST_TEST_MODULE config_secret
#include <boost/test/unit_test.hpp>

#include "banyan/config/load.hpp"
#include "scratch.hpp"

using namespace banyan;
using namespace banyan::config;

namespace {

struct Fixture {
  Fixture() { schema.secret("mail.password", &password, "Of the account that sends mail."); }

  std::string problem_with(const Input& input) {
    const auto loaded = load(schema, input);
    BOOST_REQUIRE_EQUAL(loaded.problems.size(), 1U);
    return loaded.problems.front().what;
  }
  Input naming(const std::string& path) { return {.environment = {{"BANYAN_MAIL_PASSWORD_FILE", path}}}; }

  Scratch scratch;
  Secret password;
  Schema schema;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(config_secret, Fixture)

BOOST_AUTO_TEST_CASE(comes_from_the_file_that_is_named_without_its_line_end) {
  const std::string secret = scratch.file("password", "hunter2 \r\n");
  const std::string file = scratch.file("c.toml", "[mail]\npassword_file = '" + secret + "'");
  BOOST_TEST(load(schema, {.file = file}).ok());
  BOOST_TEST(password.reveal() == "hunter2 ");
}

BOOST_AUTO_TEST_CASE(comes_from_the_credentials_directory_if_no_file_is_named) {
  scratch.file("mail.password", "from credentials", 0400);
  const Input credentials{.environment = {{"CREDENTIALS_DIRECTORY", scratch.path("")}}};
  BOOST_TEST(load(schema, credentials).ok());
  BOOST_TEST(password.reveal() == "from credentials");

  Input both = credentials;
  both.environment["BANYAN_MAIL_PASSWORD_FILE"] = scratch.file("other", "from file");
  BOOST_TEST(load(schema, both).ok());
  BOOST_TEST(password.reveal() == "from file");
}

BOOST_AUTO_TEST_CASE(stays_empty_where_nobody_gives_it) {
  BOOST_TEST(load(schema, {.environment = {{"CREDENTIALS_DIRECTORY", scratch.path("")}}}).ok());
  BOOST_TEST(password.empty());
}

BOOST_AUTO_TEST_CASE(is_refused_in_place_of_its_file) {
  const std::string file = scratch.file("c.toml", "mail.password = 'hunter2'");
  BOOST_TEST(problem_with({.file = file}) ==
             "mail.password is a secret: put it into a file and name the file in mail.password_file");
  BOOST_TEST(
      problem_with({.environment = {{"BANYAN_MAIL_PASSWORD", "hunter2"}}}) ==
      "BANYAN_MAIL_PASSWORD is a secret: put it into a file and name the file in BANYAN_MAIL_PASSWORD_FILE");
  BOOST_TEST(problem_with({.arguments = {{"mail.password", "hunter2"}}}).find("hunter2") ==
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(is_refused_from_a_file_that_is_missing_empty_large_open_or_no_file) {
  const auto refused = [&](const std::string& path, std::string_view why) {
    BOOST_TEST(problem_with(naming(path)) == "mail.password_file: \"" + path + "\": " + std::string{why});
  };
  refused(scratch.path("none"), "No such file or directory");
  refused(scratch.file("empty", "\n"), "is empty");
  refused(scratch.file("large", std::string((64 << 10) + 1, 'x')), "is larger than 65536 bytes");
  refused(scratch.file("open", "hunter2", 0644), "can be read by every user; chmod o-r it");
  refused(scratch.path("."), "is not a regular file");
  ::mkfifo(scratch.path("fifo").c_str(), 0600);
  refused(scratch.path("fifo"), "is not a regular file");
  refused("", "No such file or directory");
  BOOST_TEST(password.empty());
}

BOOST_AUTO_TEST_SUITE_END()
