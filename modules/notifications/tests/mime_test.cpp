#define BOOST_TEST_MODULE mime
#include "mime.hpp"

#include <boost/test/unit_test.hpp>
#include <sstream>

using namespace shop::notifications;

namespace {

SendNotification mail_to(std::string name, std::string subject, std::string body) {
  return {.notification_id = banyan::parse_uuid("01939c5a-7b1e-7c3d-9a50-3f2b8e6d1c54").value(),
          .channel = Channel::email,
          .recipient = "maria@example.com",
          .recipient_name = std::move(name),
          .subject = std::move(subject),
          .body = std::move(body),
          .created_at = banyan::parse_rfc3339("2026-01-31T12:34:56Z").value()};
}

std::size_t longest_line(const std::string& message) {
  std::size_t longest = 0;
  std::istringstream lines{message};
  for (std::string line; std::getline(lines, line);) longest = std::max(longest, line.size() - 1);
  return longest;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(a_message)

BOOST_AUTO_TEST_CASE(has_headers_an_empty_line_and_the_body) {
  BOOST_TEST(to_message(mail_to("Maria Anders", "Your order is confirmed", "Thank you.\n"), {}) ==
             "Date: Sat, 31 Jan 2026 12:34:56 +0000\r\n"
             "From: \"Banyan shop\" <shop@localhost>\r\n"
             "To: \"Maria Anders\" <maria@example.com>\r\n"
             "Message-ID: <01939c5a-7b1e-7c3d-9a50-3f2b8e6d1c54@localhost>\r\n"
             "Subject: Your order is confirmed\r\n"
             "MIME-Version: 1.0\r\n"
             "Content-Type: text/plain; charset=utf-8\r\n"
             "Content-Transfer-Encoding: quoted-printable\r\n"
             "Auto-Submitted: auto-generated\r\n"
             "\r\n"
             "Thank you.\r\n");
}

BOOST_AUTO_TEST_CASE(lets_nobody_add_a_header) {
  const std::string message =
      to_message(mail_to("Mallory\r\nBcc: all@example.com", "Hello\r\nBcc: all@example.com",
                         "\r\nBcc: all@example.com\n"),
                 {});
  const std::string head = message.substr(0, message.find("\r\n\r\n"));
  BOOST_TEST(head.find("\nBcc") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(quotes_what_would_end_the_name) {
  const std::string message = to_message(mail_to(R"(Maria "M" \ Anders)", "x", "y"), {});
  BOOST_TEST(message.find(R"(To: "Maria \"M\" \\ Anders" <maria@example.com>)") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(keeps_its_lines_short) {
  std::string text;
  for (int i = 0; i < 50; ++i) text += "Übermäßig lange Größenangaben ";
  BOOST_TEST(longest_line(to_message(mail_to("Ängström", text.substr(0, 200), text), {})) <= 78U);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(a_header)

BOOST_AUTO_TEST_CASE(stays_as_it_is_if_it_is_ascii) { BOOST_TEST(encoded_words("Invoice 7") == "Invoice 7"); }

BOOST_AUTO_TEST_CASE(is_encoded_if_it_is_not) {
  BOOST_TEST(encoded_words("Größe") == "=?UTF-8?B?R3LDtsOfZQ==?=");
  BOOST_TEST(encoded_words("=?x") == "=?UTF-8?B?PT94?=");
}

BOOST_AUTO_TEST_CASE(is_never_cut_inside_a_character) {
  const std::string three = "w5/Dn8Of";  // of a word's 39 bytes, 38 are 19 characters
  std::string text;
  for (int i = 0; i < 30; ++i) text += "ß";
  BOOST_TEST(encoded_words(text) == "=?UTF-8?B?" + three + three + three + three + three + three +
                                        "w58=?=\r\n =?UTF-8?B?" + three + three + three + "w5/Dnw==?=");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(quoted_printable_text)

BOOST_AUTO_TEST_CASE(ends_its_lines_with_cr_lf_whatever_they_ended_with) {
  BOOST_TEST(quoted_printable("a\nb\r\nc") == "a\r\nb\r\nc\r\n");
  BOOST_TEST(quoted_printable("").empty());
  BOOST_TEST(quoted_printable("\n") == "\r\n");
}

BOOST_AUTO_TEST_CASE(escapes_what_is_not_ascii_and_the_escape_itself) {
  BOOST_TEST(quoted_printable("1=1 ü\t.") == "1=3D1 =C3=BC=09.\r\n");
}

BOOST_AUTO_TEST_CASE(keeps_a_blank_at_the_end_of_a_line) {
  BOOST_TEST(quoted_printable("a \nb") == "a=20\r\nb\r\n");
}

BOOST_AUTO_TEST_CASE(breaks_long_lines_softly) {
  const std::string long_line(100, 'x');
  BOOST_TEST(quoted_printable(long_line) == std::string(75, 'x') + "=\r\n" + std::string(25, 'x') + "\r\n");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(an_address)

BOOST_AUTO_TEST_CASE(is_deliverable_if_it_is_plain) {
  for (const char* good : {"a@b", "maria.anders+shop@example.com", "o'neil@example.com"}) {
    BOOST_TEST(is_deliverable(good), good);
  }
}

BOOST_AUTO_TEST_CASE(is_not_if_it_would_have_to_be_quoted_or_is_none) {
  for (const char* bad : {"", "maria", "@example.com", "maria@", "a@b@c", "a b@c", "a<b@c", "a>b@c", "a\"b@c",
                          "a\r\n@c", "ü@example.com", "a,b@c", "a@[127.0.0.1]"}) {
    BOOST_TEST(!is_deliverable(bad), bad);
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(a_date_has_its_weekday_and_two_digits) {
  BOOST_TEST(mail_date(banyan::parse_rfc3339("1998-05-06T01:02:03.9Z").value()) ==
             "Wed, 06 May 1998 01:02:03 +0000");
}
