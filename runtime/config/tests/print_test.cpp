#define BOOST_TEST_MODULE config_print
#include <boost/test/unit_test.hpp>

#include "banyan/config/load.hpp"
#include "scratch.hpp"

using namespace banyan;
using namespace banyan::config;
using namespace std::chrono_literals;

namespace {

struct Options {
  std::string listen = "127.0.0.1:8080";
  std::vector<std::string> modules{"a", "b"};
  Duration delay = 100ms;
  bool tls = false;
  Secret password;
};

Schema schema_of(Options& options) {
  Schema schema;
  schema.text("http.listen", &options.listen, "Where the gateway listens.");
  schema.list("host.modules", &options.modules, "What runs here.");
  schema.duration("delivery.retry_delay", &options.delay, {1ms, 1min}, "First delay | base of the others.");
  schema.boolean("http.tls", &options.tls, "Whether it speaks TLS.");
  schema.secret("mail.password", &options.password, "Of the mail account.");
  return schema;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(config_print)

BOOST_AUTO_TEST_CASE(shows_each_setting_with_meaning_and_origin_grouped_by_section) {
  Scratch scratch;
  Options options;
  const Schema schema = schema_of(options);
  const std::string file = scratch.file("c.toml", "[http]\nlisten = \"x\\ty\"\n");
  const Input input{
      .file = file, .environment = {{"BANYAN_HTTP_TLS", "true"}}, .arguments = {{"host.modules", "c"}}};

  const std::string text = print(load(schema, input));

  BOOST_TEST(text ==
             "[http]\n# Where the gateway listens.\nlisten = \"x\\u0009y\"  # " + file +
                 ":2:1\n"
                 "# Whether it speaks TLS.\ntls = true  # environment BANYAN_HTTP_TLS\n"
                 "\n[host]\n# What runs here.\nmodules = [\"c\"]  # command line\n"
                 "\n[delivery]\n# First delay | base of the others.\nretry_delay = \"100ms\"  # default\n"
                 "\n[mail]\n# Of the mail account.\n# password_file = \"\"  # default\n");
}

BOOST_AUTO_TEST_CASE(gives_a_file_that_has_the_same_effect) {
  Scratch scratch;
  Options first;
  const Input input{.environment = {{"BANYAN_HTTP_LISTEN", "a\"\\b\n é"},
                                    {"BANYAN_DELIVERY_RETRY_DELAY", "1001us"},
                                    {"BANYAN_MAIL_PASSWORD_FILE", scratch.file("password", "hunter2")}}};
  const Schema first_schema = schema_of(first);
  const std::string text = print(load(first_schema, input));

  Options second;
  const Schema second_schema = schema_of(second);
  BOOST_TEST(load(second_schema, {.file = scratch.file("printed.toml", text)}).ok());
  BOOST_TEST(second.listen == "a\"\\b\n é");
  BOOST_TEST((second.delay == 1001us));
  BOOST_TEST(second.password.reveal() == "hunter2");
}

BOOST_AUTO_TEST_CASE(gives_a_file_that_is_read_again_whatever_the_name_of_the_first_one) {
  for (const char* name : {"c\n[http].toml", "c\xFF.toml", "c\x01\r\x7F.toml"}) {
    Scratch scratch;
    Options options;
    const Schema schema = schema_of(options);
    const std::string text = print(load(schema, {.file = scratch.file(name, "[http]\nlisten = \"x\"\n")}));
    Options again;
    const Schema same = schema_of(again);
    BOOST_TEST(load(same, {.file = scratch.file("printed.toml", text)}).ok());
    BOOST_TEST(again.listen == "x");
  }
}

BOOST_AUTO_TEST_CASE(never_shows_what_is_in_a_secret) {
  Scratch scratch;
  Options options;
  const Schema schema = schema_of(options);
  scratch.file("mail.password", "hunter2");
  const auto loaded = load(schema, {.environment = {{"CREDENTIALS_DIRECTORY", scratch.path("")}}});

  BOOST_TEST(options.password.reveal() == "hunter2");
  BOOST_TEST(print(loaded).find("hunter2") == std::string::npos);
  BOOST_TEST(print(loaded).find("mail.password\"  # credentials directory") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(documents_every_setting_in_a_table_for_each_section) {
  Options options;
  const std::string text = reference(schema_of(options));
  const std::string head =
      "| Key | Type | Default | Allowed | Environment | Meaning |\n|---|---|---|---|---|---|\n";

  BOOST_TEST(text ==
             "## http\n\n" + head +
                 "| `http.listen` | text | `\"127.0.0.1:8080\"` |  | `BANYAN_HTTP_LISTEN` | "
                 "Where the gateway listens. |\n"
                 "| `http.tls` | boolean | `false` |  | `BANYAN_HTTP_TLS` | Whether it speaks TLS. |\n"
                 "\n## host\n\n" +
                 head +
                 "| `host.modules` | list | `[\"a\", \"b\"]` |  | `BANYAN_HOST_MODULES` | What runs here. |\n"
                 "\n## delivery\n\n" +
                 head +
                 "| `delivery.retry_delay` | duration | `\"100ms\"` | 1ms to 1min | "
                 "`BANYAN_DELIVERY_RETRY_DELAY` | First delay \\| base of the others. |\n"
                 "\n## mail\n\n" +
                 head +
                 "| `mail.password_file` | secret's file |  |  | `BANYAN_MAIL_PASSWORD_FILE` | "
                 "Of the mail account. |\n");
}

BOOST_AUTO_TEST_SUITE_END()
