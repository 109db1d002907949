#define BOOST_TEST_MODULE host_certificate_watch
#include "certificate_watch.hpp"

#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "banyan/telemetry/log_sinks.hpp"
#include "banyan/testing/manual_clock.hpp"
#include "banyan/testing/temporary_directory.hpp"

using namespace banyan;
using namespace banyan::host;
using namespace std::chrono_literals;

namespace {

struct Watched {
  Watched() {
    BOOST_REQUIRE(pki.create_authority(clock.utc(), 240h).ok());
    issue();
  }
  void issue() { BOOST_REQUIRE(pki.issue("orders", clock.utc(), 24h).ok()); }

  testing::ManualClock clock;
  testing::TemporaryDirectory disk;
  security::CredentialFolder pki{disk.path() + "/pki"};
  telemetry::CapturedLog lines;
  CertificateWatch watch{"orders", pki.path(), clock, {lines, clock, "test", telemetry::Level::warning}};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(a_certificate, Watched)

BOOST_AUTO_TEST_CASE(has_changed_once_its_file_is_replaced_until_that_is_taken) {
  BOOST_REQUIRE(watch.take().ok());
  BOOST_TEST(!watch.has_changed());
  issue();
  BOOST_TEST(watch.has_changed());
  BOOST_REQUIRE(watch.take().ok());
  BOOST_TEST(!watch.has_changed());
}

BOOST_AUTO_TEST_CASE(that_is_of_no_use_is_not_taken) {
  BOOST_REQUIRE(watch.take().ok());
  BOOST_REQUIRE(pki.issue("payments", clock.utc(), 48h).ok());
  std::filesystem::rename(pki.file_of("payments"), pki.file_of("orders"));
  BOOST_TEST(watch.take().error().reason() == "security.wrong_identity");
  BOOST_TEST((watch.left() == 24h));
  BOOST_TEST(watch.has_changed());
  std::filesystem::remove(pki.file_of("orders"));
  BOOST_TEST(watch.take().error().reason() == "security.no_file");
}

BOOST_AUTO_TEST_CASE(tells_how_long_it_is_good) {
  BOOST_TEST((watch.left() == 0s));
  BOOST_REQUIRE(watch.take().ok());
  BOOST_TEST((watch.left() == 24h));
  clock.advance(25h);
  BOOST_TEST((watch.left() == -1h));
}

BOOST_AUTO_TEST_CASE(warns_from_two_thirds_of_its_life_on_now_and_then) {
  BOOST_REQUIRE(watch.take().ok());
  clock.advance(15h);
  watch.warn_if_due();
  BOOST_TEST(lines.lines().empty());
  clock.advance(1h);
  for (int minute = 0; minute < 90; ++minute) {
    watch.warn_if_due();
    clock.advance(1min);
  }
  BOOST_TEST(lines.lines().size() == 2U);
  BOOST_TEST(lines.lines().front().find("banyanctl pki rotate orders --dir " + pki.path()) !=
             std::string::npos);
  issue();
  BOOST_REQUIRE(watch.take().ok());
  watch.warn_if_due();
  BOOST_TEST(lines.lines().size() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
