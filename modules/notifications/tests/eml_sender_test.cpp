#define BOOST_TEST_MODULE eml_sender
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "banyan/testing/temporary_directory.hpp"
#include "sending.hpp"
#include "shop/notifications/sender.hpp"

using namespace shop::notifications;
namespace fs = std::filesystem;

namespace {

SendNotification mail(std::string subject) {
  return {.notification_id = banyan::parse_uuid("01939c5a-7b1e-7c3d-9a50-3f2b8e6d1c54").value(),
          .channel = Channel::email,
          .recipient = "maria@example.com",
          .recipient_name = "Maria Anders",
          .subject = std::move(subject),
          .body = "Thank you.",
          .created_at = {}};
}

std::string content_of(const fs::path& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

struct Outbox {
  banyan::testing::TemporaryDirectory disk;
  fs::path directory = fs::path{disk.path()} / "new" / "mail";
  std::shared_ptr<Sender> sender = eml_sender(directory.string());

  auto files() const { return std::distance(fs::directory_iterator{directory}, fs::directory_iterator{}); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(writing, Outbox)

BOOST_AUTO_TEST_CASE(makes_the_directory_and_a_file_named_by_the_notification) {
  BOOST_REQUIRE(sender->send(mail("Hello")).ok());
  const fs::path file = directory / "01939c5a-7b1e-7c3d-9a50-3f2b8e6d1c54.eml";
  BOOST_TEST(content_of(file).find("Subject: Hello\r\n") != std::string::npos);
  BOOST_CHECK(fs::status(file).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
  BOOST_TEST(files() == 1);
}

BOOST_AUTO_TEST_CASE(overwrites_the_file_when_it_is_asked_again) {
  BOOST_REQUIRE(sender->send(mail("first")).ok());
  BOOST_REQUIRE(sender->send(mail("again")).ok());
  BOOST_TEST(files() == 1);
  BOOST_TEST(content_of(fs::directory_iterator { directory } -> path()).find("Subject: again") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(gives_up_what_is_no_mail_or_has_no_address) {
  SendNotification text_message = mail("x");
  text_message.channel = Channel::sms;
  BOOST_CHECK(sender->send(text_message).error() == undeliverable({}));
  SendNotification to_nobody = mail("x");
  to_nobody.recipient = "nobody";
  BOOST_CHECK(sender->send(to_nobody).error() == undeliverable({}));
}

BOOST_AUTO_TEST_CASE(waits_when_the_directory_is_not_to_be_had) {
  fs::create_directories(directory.parent_path());
  std::ofstream{directory} << "a file where the directory should be";
  BOOST_CHECK(sender->send(mail("x")).error() == unreachable({}));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(the_null_sender_takes_everything) { BOOST_TEST(null_sender()->send(mail("x")).ok()); }
