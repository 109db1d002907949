#define BOOST_TEST_MODULE security_key_folder
#include "banyan/security/key_folder.hpp"

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "banyan/testing/manual_clock.hpp"
#include "banyan/testing/temporary_directory.hpp"
#include "jwk.hpp"

using namespace banyan;
using namespace banyan::security;
using namespace std::chrono_literals;

namespace {

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

struct Fixture {
  testing::ManualClock clock;
  testing::TemporaryDirectory disk;
  KeyFolder folder{disk.path() + "/keys"};

  KeyFacts create(const char* account) {
    const auto made = folder.create(account);
    BOOST_REQUIRE(made.ok());
    return made.value();
  }
  KeyFacts rotate(const char* account, Duration overlap = key_overlap) {
    const auto made = folder.rotate(account, clock.utc(), overlap);
    BOOST_REQUIRE(made.ok());
    return made.value();
  }
  std::vector<KeyFacts> keys() {
    const auto all = folder.keys();
    BOOST_REQUIRE(all.ok());
    return all.value();
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(key_folder, Fixture)

BOOST_AUTO_TEST_CASE(keeps_private_keys_to_their_owner_and_out_of_the_public_files) {
  ::umask(0);
  create("orders");
  BOOST_TEST(mode_of(folder.private_file("orders")) == 0600U);
  BOOST_TEST(mode_of(disk.path() + "/keys/private") == 0700U);
  BOOST_TEST(mode_of(folder.public_file("orders")) == 0644U);
  BOOST_TEST(text_of(folder.private_file("orders")).find("\"d\"") != std::string::npos);
  BOOST_TEST(text_of(folder.public_file("orders")).find("\"d\"") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(lets_every_process_read_what_is_public_whoever_made_it) {
  ::umask(077);
  create("orders");
  for (const char* open : {"/keys", "/keys/public"}) BOOST_TEST(mode_of(disk.path() + open) == 0755U);
  BOOST_TEST(mode_of(folder.public_file("orders")) == 0644U);
  BOOST_TEST(mode_of(disk.path() + "/keys/private") == 0700U);
}

BOOST_AUTO_TEST_CASE(a_key_is_called_by_its_thumbprint) {
  const KeyFacts made = create("orders");
  BOOST_TEST(made.id.size() == 43U);
  BOOST_TEST(is_key_id(made.id));
  BOOST_TEST(made.signs);
  BOOST_TEST(!made.until.has_value());
}

BOOST_AUTO_TEST_CASE(a_first_key_is_made_only_once) {
  const KeyFacts made = create("orders");
  const auto again = folder.create("orders");
  BOOST_REQUIRE(!again.ok());
  BOOST_TEST((again.error() == Error{Errc::already_exists, "security.key_exists"}));
  BOOST_TEST(keys().front().id == made.id);
}

BOOST_AUTO_TEST_CASE(a_rotated_key_is_believed_for_the_overlap) {
  const KeyFacts first = create("orders");
  const KeyFacts second = rotate("orders");
  const auto all = keys();
  BOOST_REQUIRE(all.size() == 2U);
  BOOST_TEST(all[0].id == first.id);
  BOOST_TEST(!all[0].signs);
  BOOST_TEST((all[0].until == clock.utc() + 20min));
  BOOST_TEST(all[1].id == second.id);
  BOOST_TEST(all[1].signs);
  BOOST_TEST(!all[1].until.has_value());
}

BOOST_AUTO_TEST_CASE(a_second_rotation_does_not_prolong_the_first_key) {
  create("orders");
  rotate("orders");
  clock.advance(10min);
  rotate("orders");
  const auto all = keys();
  BOOST_REQUIRE(all.size() == 3U);
  BOOST_TEST((all[0].until == clock.utc() + 10min));
  BOOST_TEST((all[1].until == clock.utc() + 20min));
}

BOOST_AUTO_TEST_CASE(keys_whose_time_is_over_go_with_the_next_rotation) {
  create("orders");
  rotate("orders");
  clock.advance(20min);
  rotate("orders");
  BOOST_TEST(keys().size() == 2U);
}

BOOST_AUTO_TEST_CASE(no_overlap_revokes) {
  create("orders");
  const KeyFacts second = rotate("orders", 0s);
  BOOST_REQUIRE(keys().size() == 1U);
  BOOST_TEST(keys()[0].id == second.id);
}

BOOST_AUTO_TEST_CASE(every_account_is_shown) {
  create("payments");
  create("orders");
  BOOST_REQUIRE(keys().size() == 2U);
  BOOST_TEST(keys()[0].account == "orders");
  BOOST_TEST(keys()[1].account == "payments");
}

BOOST_AUTO_TEST_CASE(only_names_become_files) {
  for (const char* name : {"", "../orders", "orders/x", "Orders", "orders.json", "-", "a\nb"}) {
    BOOST_TEST(folder.create(name).error().reason() == "security.bad_name");
    BOOST_TEST(folder.rotate(name, clock.utc()).error().reason() == "security.bad_name");
  }
}

BOOST_AUTO_TEST_CASE(nothing_can_be_rotated_before_there_is_a_key) {
  const auto made = folder.rotate("orders", clock.utc());
  BOOST_REQUIRE(!made.ok());
  BOOST_TEST((made.error() == Error{Errc::not_found, "security.no_file"}));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(jwk)

BOOST_AUTO_TEST_CASE(bad_key_files_are_refused) {
  const std::string good = to_private_json(make_jwk());
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    const auto at = text.find(from);
    BOOST_REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
  };
  BOOST_REQUIRE(parse_private_jwk(good).ok());
  for (const std::string& text : {std::string{},
                                  std::string{"[]"},
                                  std::string{"{}"},
                                  std::string{"null"},
                                  good + "x",
                                  with("\"EC\"", "\"RSA\""),
                                  with("P-256", "P-384"),
                                  with("ES256", "none"),
                                  with("ES256", "HS256"),
                                  with("\"sig\"", "\"enc\""),
                                  with("\"kid\":\"", "\"kid\":\"../"),
                                  with("\"kid\":", "\"kin\":"),
                                  with("\"x\":\"", "\"x\":\"A"),
                                  with("\"y\":\"", "\"y\":\"="),
                                  with("\"d\":\"", "\"d\":\"AA"),
                                  with("\"d\":", "\"e\":"),
                                  with("\"alg\":\"ES256\"", "\"alg\":\"ES256\",\"alg\":\"ES256\""),
                                  with("\"kty\":", "\"exp\":-1,\"kty\":"),
                                  with("\"kty\":", "\"exp\":\"1\",\"kty\":"),
                                  with("\"kty\":", "\"exp\":9223372036854775807,\"kty\":")}) {
    BOOST_TEST_CONTEXT(text) {
      const auto key = parse_private_jwk(text);
      BOOST_REQUIRE(!key.ok());
      BOOST_TEST((key.error() == Error{Errc::invalid_argument, "security.bad_key"}));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_private_key_among_public_ones_is_refused) {
  const std::string text = R"({"keys":[)" + to_private_json(make_jwk()) + "]}";
  BOOST_TEST(parse_public_jwks(text).error().reason() == "security.bad_key");
}

BOOST_AUTO_TEST_CASE(a_point_beside_the_curve_is_no_key) {
  Jwk key = make_jwk();
  std::swap(key.x, key.y);
  key.d = {};
  BOOST_TEST(to_handle(key).error().reason() == "security.bad_key");
  key.x = key.y = std::string(43, 'A');
  BOOST_TEST(to_handle(key).error().reason() == "security.bad_key");
}

BOOST_AUTO_TEST_SUITE_END()
