#define BOOST_TEST_MODULE smtp_sender
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <future>

#include "mail_server.hpp"
#include "sending.hpp"
#include "shop/notifications/sender.hpp"

using namespace shop::notifications;

namespace {

SendNotification mail(std::string body = "Thank you.") {
  return {.notification_id = banyan::parse_uuid("01939c5a-7b1e-7c3d-9a50-3f2b8e6d1c54").value(),
          .channel = Channel::email,
          .recipient = "maria@example.com",
          .recipient_name = "Maria Anders",
          .subject = "Hello",
          .body = std::move(body),
          .created_at = {}};
}

SmtpOptions options_for(std::string url) {
  return {.url = std::move(url), .needs_tls = false, .from = {.name = "Shop", .address = "shop@example.com"}};
}

banyan::Status send(const MailServer& server, const SendNotification& notification) {
  return smtp_sender(options_for(server.url()))->send(notification);
}

banyan::Status send_to_one_that_answers(std::map<std::string, Answers> answers) {
  const MailServer server{std::move(answers)};
  return send(server, mail());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(a_mail_server)

BOOST_AUTO_TEST_CASE(gets_sender_recipient_and_message) {
  const MailServer server;
  BOOST_REQUIRE(send(server, mail()).ok());
  const auto& commands = server.commands();
  BOOST_TEST((std::find(commands.begin(), commands.end(), "MAIL FROM:<shop@example.com>") != commands.end()));
  BOOST_TEST((std::find(commands.begin(), commands.end(), "RCPT TO:<maria@example.com>") != commands.end()));
  BOOST_TEST(server.message().find("Message-ID: <01939c5a-7b1e-7c3d-9a50-3f2b8e6d1c54@example.com>\n") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(is_not_ended_early_by_a_line_with_a_dot) {
  const MailServer server;
  BOOST_REQUIRE(send(server, mail("before\n.\nafter")).ok());
  BOOST_TEST(server.message().find("after") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(gets_the_next_mail_over_the_same_connection) {
  const MailServer server;
  {
    const auto sender = smtp_sender(options_for(server.url()));
    BOOST_REQUIRE(sender->send(mail()).ok());
    BOOST_REQUIRE(sender->send(mail()).ok());
  }
  const auto& commands = server.commands();
  BOOST_TEST(std::count_if(commands.begin(), commands.end(),
                           [](const std::string& line) { return line.starts_with("EHLO"); }) == 1);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(a_mail_under_way)

BOOST_AUTO_TEST_CASE(is_cut_when_the_process_is_to_end_and_the_server_does_not_answer) {
  const MailServer server{{{"RCPT", ""}}};
  auto options = options_for(server.url());
  options.hurry_timeout = std::chrono::milliseconds{10};
  const auto sender = smtp_sender(options);
  auto outcome = std::async(std::launch::async, [&] { return sender->send(mail()); });
  BOOST_TEST((outcome.wait_for(std::chrono::milliseconds{100}) == std::future_status::timeout));
  sender->hurry();
  BOOST_TEST((outcome.wait_for(std::chrono::seconds{10}) == std::future_status::ready));
  BOOST_CHECK(outcome.get().error() == deferred({}));
}

BOOST_AUTO_TEST_CASE(is_sent_all_the_same_if_that_takes_no_time) {
  const MailServer server;
  const auto sender = smtp_sender(options_for(server.url()));
  sender->hurry();
  BOOST_TEST(sender->send(mail()).ok());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(a_failure)

BOOST_AUTO_TEST_CASE(is_final_when_the_server_refuses_the_recipient_or_the_text_for_good) {
  BOOST_CHECK(send_to_one_that_answers({{"RCPT", "550 no such user"}}).error() == undeliverable({}));
  BOOST_CHECK(send_to_one_that_answers({{".", "554 looks like spam"}}).error() == undeliverable({}));
}

BOOST_AUTO_TEST_CASE(is_this_mails_own_when_the_server_wants_to_see_it_later) {
  for (const char* answer :
       {"450 try again later", "451 4.7.1 greylisted", "452 full", "421 closing", "drop"}) {
    BOOST_TEST_CONTEXT(answer) {
      BOOST_CHECK(send_to_one_that_answers({{"RCPT", answer}}).error() == deferred({}));
      BOOST_CHECK(send_to_one_that_answers({{"DATA", answer}}).error() == deferred({}));
      BOOST_CHECK(send_to_one_that_answers({{".", answer}}).error() == deferred({}));
    }
  }
}

BOOST_AUTO_TEST_CASE(is_this_mails_own_when_the_server_says_nothing_once_it_knows_the_recipient) {
  const MailServer server{{{"RCPT", ""}}};
  SmtpOptions options = options_for(server.url());
  options.send_timeout = std::chrono::milliseconds{100};
  BOOST_CHECK(smtp_sender(options)->send(mail()).error() == deferred({}));
}

BOOST_AUTO_TEST_CASE(tells_what_the_server_said) {
  BOOST_TEST(send_to_one_that_answers({{"RCPT", "451 4.7.1 Greylisted\x01\xff"}}).error().detail() ==
             "451 4.7.1 Greylisted??");
  BOOST_TEST(send_to_one_that_answers({{"MAIL", "451 too busy"}}).error().detail() == "451 too busy");
}

BOOST_AUTO_TEST_CASE(concerns_all_mail_when_the_server_takes_none) {
  for (const char* answer : {"554 no mail here", "421 too busy", "drop"}) {
    BOOST_TEST_CONTEXT(answer) {
      BOOST_CHECK(send_to_one_that_answers({{"", answer}}).error() == unreachable({}));
      BOOST_CHECK(send_to_one_that_answers({{"EHLO", answer}, {"HELO", answer}}).error() == unreachable({}));
    }
  }
}

BOOST_AUTO_TEST_CASE(concerns_all_mail_when_the_server_refuses_the_sender) {
  BOOST_CHECK(send_to_one_that_answers({{"MAIL", "530 sign in first"}}).error() == unreachable({}));
  BOOST_CHECK(send_to_one_that_answers({{"MAIL", "550 not from here"}}).error() == unreachable({}));
  BOOST_CHECK(send_to_one_that_answers({{"MAIL", "451 too busy"}}).error() == unreachable({}));
}

BOOST_AUTO_TEST_CASE(concerns_all_mail_when_there_is_no_server) {
  BOOST_CHECK(smtp_sender(options_for("smtp://127.0.0.1:1"))->send(mail()).error() == unreachable({}));
}

BOOST_AUTO_TEST_CASE(concerns_all_mail_when_the_server_says_nothing_in_time) {
  boost::asio::io_context io;
  const boost::asio::ip::tcp::acceptor silent{io, {boost::asio::ip::address_v4::loopback(), 0}};
  SmtpOptions options = options_for("smtp://127.0.0.1:" + std::to_string(silent.local_endpoint().port()));
  options.send_timeout = std::chrono::milliseconds{100};
  BOOST_CHECK(smtp_sender(options)->send(mail()).error() == unreachable({}));
}

BOOST_AUTO_TEST_CASE(concerns_all_mail_when_the_server_offers_no_tls_but_it_is_needed) {
  const MailServer server;
  SmtpOptions options = options_for(server.url());
  options.needs_tls = true;
  BOOST_CHECK(smtp_sender(options)->send(mail()).error() == unreachable({}));
}

BOOST_AUTO_TEST_CASE(is_known_before_the_server_is_asked_when_there_is_no_address) {
  SendNotification to_nobody = mail();
  to_nobody.recipient = "nobody> <x@example.com";
  BOOST_CHECK(smtp_sender(options_for("smtp://127.0.0.1:1"))->send(to_nobody).error() == undeliverable({}));
}

BOOST_AUTO_TEST_SUITE_END()
