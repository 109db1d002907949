#define BOOST_TEST_MODULE security_credential_folder
#include "banyan/security/credential_folder.hpp"

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "banyan/testing/manual_clock.hpp"
#include "banyan/testing/temporary_directory.hpp"

using namespace banyan;
using namespace banyan::security;
using namespace std::chrono_literals;

namespace {

const Timestamp now = testing::ManualClock{}.utc();

unsigned mode_of(const std::string& path) {
  struct stat facts {};
  BOOST_REQUIRE(::stat(path.c_str(), &facts) == 0);
  return facts.st_mode & 07777U;
}

std::string text_of(const std::string& path) {
  std::ostringstream out;
  out << std::ifstream{path}.rdbuf();
  return out.str();
}

struct WithAuthority {
  WithAuthority() { BOOST_REQUIRE(folder.create_authority(now, 240h).ok()); }

  testing::TemporaryDirectory disk;
  CredentialFolder folder{disk.path() + "/secrets/pki"};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(a_folder, WithAuthority)

BOOST_AUTO_TEST_CASE(keeps_private_keys_to_its_owner) {
  ::umask(0);
  BOOST_REQUIRE(folder.issue("orders", now, 24h).ok());
  BOOST_TEST(mode_of(folder.path()) == 0700U);
  BOOST_TEST(mode_of(folder.path() + "/ca.key") == 0600U);
  BOOST_TEST(mode_of(folder.file_of("orders")) == 0600U);
  BOOST_TEST(mode_of(folder.authority_file()) == 0644U);
}

BOOST_AUTO_TEST_CASE(has_certificates_that_are_good) {
  BOOST_REQUIRE(folder.issue("orders", now, 24h).ok());
  BOOST_REQUIRE(folder.issue("nats", now, 24h).ok());
  BOOST_TEST((folder.names().value() == std::vector<std::string>{"nats", "orders"}));
  BOOST_TEST(folder.check("orders", now).ok());
  BOOST_TEST(folder.check("nats", now).value().uses.server);
  BOOST_TEST(folder.describe("orders").value().name == "orders");
  BOOST_TEST(folder.check_authority(now).ok());
}

BOOST_AUTO_TEST_CASE(has_one_authority_for_good) {
  const std::string before = text_of(folder.authority_file());
  const Status again = folder.create_authority(now, 240h);
  BOOST_REQUIRE(!again.ok());
  BOOST_TEST(again.error().reason() == "security.authority_exists");
  BOOST_TEST(text_of(folder.authority_file()) == before);
}

BOOST_AUTO_TEST_CASE(replaces_a_certificate_and_leaves_nothing_beside_it) {
  BOOST_REQUIRE(folder.issue("orders", now, 24h).ok());
  const std::string before = text_of(folder.file_of("orders"));
  BOOST_REQUIRE(folder.issue("orders", now + 1h, 24h).ok());
  BOOST_TEST(text_of(folder.file_of("orders")) != before);
  BOOST_TEST(folder.check("orders", now + 1h).ok());
  const std::filesystem::directory_iterator files{folder.path()};
  BOOST_TEST(std::distance(begin(files), end(files)) == 3);
}

BOOST_AUTO_TEST_CASE(refuses_names_that_lead_out_of_it) {
  for (const auto* name : {"../orders", "ca/key", "", "orders.banyan.internal"}) {
    BOOST_TEST_CONTEXT(name) {
      BOOST_TEST(folder.issue(name, now, 24h).error().reason() == "security.bad_name");
      BOOST_TEST(folder.check(name, now).error().reason() == "security.bad_name");
    }
  }
}

BOOST_AUTO_TEST_CASE(says_what_is_missing) {
  BOOST_TEST(folder.check("orders", now).error().reason() == "security.no_file");
  const CredentialFolder nowhere{disk.path() + "/nowhere"};
  BOOST_TEST(nowhere.names().error().reason() == "security.no_file");
  BOOST_TEST(nowhere.issue("orders", now, 24h).error().reason() == "security.no_file");
  BOOST_TEST(nowhere.check_authority(now).error().reason() == "security.no_file");
}

BOOST_AUTO_TEST_CASE(refuses_a_key_that_every_user_can_read) {
  BOOST_REQUIRE(folder.issue("orders", now, 24h).ok());
  ::chmod(folder.file_of("orders").c_str(), 0604);
  BOOST_TEST(folder.check("orders", now).error().reason() == "security.file_not_private");
  ::chmod((folder.path() + "/ca.key").c_str(), 0644);
  BOOST_TEST(folder.issue("orders", now, 24h).error().reason() == "security.file_not_private");
}

BOOST_AUTO_TEST_CASE(refuses_what_is_no_file_of_a_certificate) {
  std::filesystem::create_directory(folder.file_of("orders"));
  BOOST_TEST(folder.check("orders", now).error().reason() == "security.unreadable");
  BOOST_TEST(folder.issue("orders", now, 24h).error().reason() == "security.unwritable");
  std::ofstream{folder.file_of("users")} << std::string(2 << 20, 'x');
  BOOST_TEST(folder.check("users", now).error().reason() == "security.unreadable");
}

BOOST_AUTO_TEST_CASE(gives_files_that_a_process_can_check_for_itself) {
  BOOST_REQUIRE(folder.issue("orders", now, 24h).ok());
  const std::string file = folder.file_of("orders");
  BOOST_TEST(check_files(folder.authority_file(), file, file, "orders", now).ok());
  BOOST_TEST(check_files(folder.authority_file(), file, file, "users", now).error().reason() ==
             "security.wrong_identity");
  BOOST_TEST(check_files(file, file, file, "orders", now + 24h).error().reason() == "security.expired");
}

BOOST_AUTO_TEST_SUITE_END()
