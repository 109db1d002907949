#define BOOST_TEST_MODULE settings
#include "shop/notifications/settings.hpp"

#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "banyan/config/schema.hpp"
#include "banyan/testing/temporary_directory.hpp"

using namespace shop::notifications;
namespace fs = std::filesystem;

namespace {

const SendNotification mail{.notification_id = {},
                            .channel = Channel::email,
                            .recipient = "maria@example.com",
                            .recipient_name = "Maria Anders",
                            .subject = "Hello",
                            .body = "Thank you.",
                            .created_at = {}};

std::size_t files_in(const fs::path& directory) {
  if (!fs::exists(directory)) return 0;
  return static_cast<std::size_t>(std::distance(fs::directory_iterator{directory}, fs::directory_iterator{}));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(the_sender)

BOOST_AUTO_TEST_CASE(writes_files_into_the_modules_own_directory_unless_told_otherwise) {
  const banyan::testing::TemporaryDirectory home;
  Settings settings;
  BOOST_REQUIRE(make_sender(settings, home.path())->send(mail).ok());
  BOOST_TEST(files_in(home.path() + "/mail") == 1U);

  settings.mail_directory = home.path() + "/elsewhere";
  BOOST_REQUIRE(make_sender(settings, home.path())->send(mail).ok());
  BOOST_TEST(files_in(settings.mail_directory) == 1U);
}

BOOST_AUTO_TEST_CASE(sends_nothing_if_none_is_wanted) {
  const banyan::testing::TemporaryDirectory home;
  BOOST_REQUIRE(make_sender({.sender = "none"}, home.path())->send(mail).ok());
  BOOST_TEST(files_in(home.path()) == 0U);
}

BOOST_AUTO_TEST_CASE(asks_the_mail_server_if_there_is_to_be_one) {
  Settings settings{.sender = "smtp"};
  settings.smtp.url = "smtp://127.0.0.1:1";
  BOOST_TEST(make_sender(settings, "unused")->send(mail).error().reason() == "notifications.unreachable");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(every_setting_begins_with_the_modules_name) {
  Settings settings;
  banyan::config::Schema schema;
  declare(schema, settings);
  BOOST_TEST(schema.settings().size() == 16U);
  for (const auto& setting : schema.settings()) BOOST_TEST(setting.key.starts_with("notifications."));
}
