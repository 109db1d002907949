#define BOOST_TEST_MODULE security_token
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <thread>
#include <vector>

#include "accounts.hpp"
#include "banyan/security/token_issuer.hpp"
#include "banyan/security/token_verifier.hpp"

using namespace banyan;
using namespace banyan::security;
using namespace std::chrono_literals;

namespace {

struct Fixture : Accounts {
  std::unique_ptr<TokenIssuer> orders;
  std::unique_ptr<TokenVerifier> inventory;

  Fixture() {
    orders = issuer("orders");
    inventory = verifier("inventory");
  }

  std::unique_ptr<TokenIssuer> issuer(const char* account, Duration life = token_life_max) {
    auto made = TokenIssuer::open(
        {.account = account, .key_file = folder.private_file(account), .life = life}, clock, random);
    BOOST_REQUIRE(made.ok());
    return std::move(made).value();
  }

  std::unique_ptr<TokenVerifier> verifier(const char* audience, std::size_t remembered_max = 4096) {
    auto made = TokenVerifier::open(
        {.audience = audience, .key_folder = folder.public_folder(), .remembered_max = remembered_max},
        clock);
    BOOST_REQUIRE(made.ok());
    return std::move(made).value();
  }

  std::string token() {
    const auto made = orders->token_for("inventory");
    BOOST_REQUIRE(made.ok());
    return made.value();
  }

  void write(const std::string& path, const std::string& text) { std::ofstream{path} << text; }

  bool is_believed(const std::string& text) { return inventory->verify(text).ok(); }
  std::string why_not(const std::string& text) {
    const auto caller = inventory->verify(text);
    BOOST_REQUIRE(!caller.ok());
    BOOST_TEST((caller.error() == Error{Errc::rejected, "security.unauthenticated"}));
    return caller.error().detail();
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(token, Fixture)

BOOST_AUTO_TEST_CASE(proves_who_calls) {
  const auto caller = inventory->verify(token());
  BOOST_REQUIRE(caller.ok());
  BOOST_TEST(caller.value().account == "orders");
  BOOST_TEST(caller.value().token_id.size() == 36U);
  BOOST_TEST((caller.value().expires == clock.utc() + 15min + 30s));
}

BOOST_AUTO_TEST_CASE(is_good_at_one_module_only) {
  const auto elsewhere = verifier("shipping");
  const auto caller = elsewhere->verify(token());
  BOOST_REQUIRE(!caller.ok());
  BOOST_TEST((caller.error() == Error{Errc::rejected, "security.unauthenticated"}));
  BOOST_TEST(is_believed(token()));
}

BOOST_AUTO_TEST_CASE(is_believed_until_its_end_and_the_leeway_after_it) {
  const std::string text = token();
  const auto fresh = [&] { return verifier("inventory")->verify(text).ok(); };  // One that remembers nothing.
  clock.advance(15min - 1s);
  BOOST_TEST(is_believed(text));
  BOOST_TEST(fresh());
  clock.advance(1s);
  BOOST_TEST(is_believed(text));
  BOOST_TEST(fresh());
  clock.advance(30s - 1us);
  BOOST_TEST(is_believed(text));
  BOOST_TEST(fresh());
  clock.advance(1us);
  BOOST_TEST(!is_believed(text));
  BOOST_TEST(why_not(text) == "expired");
  BOOST_TEST(!fresh());
}

BOOST_AUTO_TEST_CASE(of_a_clock_that_is_ahead_is_believed_within_the_leeway) {
  testing::ManualClock ahead;
  ahead.advance(30s);
  auto made =
      TokenIssuer::open({.account = "orders", .key_file = folder.private_file("orders")}, ahead, random);
  BOOST_TEST(is_believed(made.value()->token_for("inventory").value()));
  ahead.advance(11min);
  BOOST_TEST(why_not(made.value()->token_for("inventory").value()) == "not valid yet");
}

BOOST_AUTO_TEST_CASE(a_token_made_elsewhere_with_the_same_key_is_believed) {
  // The key of RFC 7515, appendix A.3; the token is by PyJWT 2.6.
  write(folder.public_file("orders"),
        R"({"keys":[{"kty":"EC","crv":"P-256","alg":"ES256","use":"sig","kid":"rfc7515-a3",)"
        R"("x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
        R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]})");
  const std::string text =
      "eyJhbGciOiJFUzI1NiIsImtpZCI6InJmYzc1MTUtYTMiLCJ0eXAiOiJhdCtqd3QifQ."
      "eyJpc3MiOiJvcmRlcnMiLCJzdWIiOiJvcmRlcnMiLCJhdWQiOiJpbnZlbnRvcnkiLCJpYXQiOjE3NjcyMjU2MDAsIm5iZiI6MTc2"
      "NzIyNTYwMCwiZXhwIjoxNzY3MjI2NTAwLCJqdGkiOiJ2ZWN0b3ItMSJ9."
      "NzdMmTCIZPqqRZGIUvViCmUjymSKGO1gSdGDZmvrb0uaq6KBCUsptqyikqQxdtsgI2DZD5sh66r6GzpscUvr3Q";
  const auto caller = inventory->verify(text);
  BOOST_REQUIRE(caller.ok());
  BOOST_TEST(caller.value().token_id == "vector-1");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(issuer_of_tokens, Fixture)

BOOST_AUTO_TEST_CASE(hands_out_one_token_for_two_thirds_of_its_life_and_then_a_new_one) {
  const std::string first = token();
  clock.advance(10min - 1us);
  BOOST_TEST(token() == first);
  clock.advance(1us);
  const std::string second = token();
  BOOST_TEST(second != first);
  BOOST_TEST(is_believed(second));
  BOOST_TEST(is_believed(first));
}

BOOST_AUTO_TEST_CASE(makes_another_token_for_each_audience) {
  BOOST_TEST(orders->token_for("shipping").value() != token());
  BOOST_TEST(orders->token_for("shipping").value() == orders->token_for("shipping").value());
}

BOOST_AUTO_TEST_CASE(makes_a_new_token_with_the_key_of_now_after_its_clock_was_set_back) {
  token();
  clock.set_by(-1h);
  const std::string old = token();
  BOOST_TEST(is_believed(old));
  BOOST_REQUIRE(folder.rotate("orders", clock.utc(), 0s).ok());
  clock.advance(10s);
  BOOST_TEST(is_believed(token()));
  BOOST_TEST(!is_believed(old));
}

BOOST_AUTO_TEST_CASE(goes_on_with_its_key_while_the_file_is_away_or_broken) {
  std::filesystem::remove(folder.private_file("orders"));
  clock.advance(11min);
  BOOST_TEST(is_believed(token()));
  write(folder.private_file("orders"), "{}");
  clock.advance(11min);
  BOOST_TEST(is_believed(token()));
}

BOOST_AUTO_TEST_CASE(refuses_options_and_files_that_are_wrong) {
  const auto reason = [&](TokenIssuer::Options options) {
    const auto made = TokenIssuer::open(std::move(options), clock, random);
    return made.ok() ? std::string{} : made.error().reason();
  };
  const std::string file = folder.private_file("orders");
  BOOST_TEST(reason({.account = "orders", .key_file = file, .life = 15min + 1us}) == "security.bad_life");
  BOOST_TEST(reason({.account = "orders", .key_file = file, .life = 999ms}) == "security.bad_life");
  BOOST_TEST(reason({.account = "../orders", .key_file = file}) == "security.bad_name");
  BOOST_TEST(reason({.account = "orders", .key_file = file + "x"}) == "security.no_file");
  BOOST_TEST(reason({.account = "orders", .key_file = folder.public_file("orders")}) ==
             "security.file_not_private");
  BOOST_TEST(orders->token_for("not a name").error().reason() == "security.bad_name");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(rotation, Fixture)

BOOST_AUTO_TEST_CASE(a_new_key_is_believed_at_once_and_the_old_one_for_the_overlap) {
  const std::string old = token();
  BOOST_REQUIRE(folder.rotate("orders", clock.utc()).ok());
  clock.advance(5s);
  const std::string fresh = token();
  BOOST_TEST(fresh != old);
  BOOST_TEST(is_believed(fresh));
  BOOST_TEST(is_believed(old));
}

BOOST_AUTO_TEST_CASE(several_accounts_may_rotate_at_the_same_moment) {
  auto payments = issuer("payments");
  for (const char* account : {"orders", "payments"}) {
    BOOST_REQUIRE(folder.rotate(account, clock.utc()).ok());
    const auto restarted = issuer(account);
    BOOST_TEST(is_believed(restarted->token_for("inventory").value()));
  }
}

BOOST_AUTO_TEST_CASE(a_revoked_key_is_not_believed_any_more_although_its_token_was_remembered) {
  const std::string old = token();
  BOOST_TEST(is_believed(old));
  BOOST_REQUIRE(folder.rotate("orders", clock.utc(), 0s).ok());
  clock.advance(10s);
  BOOST_TEST(why_not(old) == "the key is not known");
}

BOOST_AUTO_TEST_CASE(the_end_of_a_key_is_the_end_of_its_tokens) {
  const std::string old = token();
  BOOST_REQUIRE(folder.rotate("orders", clock.utc(), 1min).ok());
  clock.advance(10s);
  BOOST_TEST(is_believed(old));
  clock.advance(50s - 1us);
  BOOST_TEST(is_believed(old));
  clock.advance(1us);
  BOOST_TEST(why_not(old) == "the key is not believed any more");
}

BOOST_AUTO_TEST_CASE(a_removed_account_is_not_believed_any_more) {
  const std::string old = token();
  BOOST_TEST(is_believed(old));
  std::filesystem::remove(folder.public_file("orders"));
  clock.advance(10s);
  BOOST_TEST(!is_believed(old));
}

BOOST_AUTO_TEST_CASE(under_load_costs_no_call) {
  std::atomic<bool> is_over{false};
  std::atomic<int> refused{0};
  std::atomic<int> believed{0};
  std::vector<std::thread> callers;
  for (int i = 0; i < 3; ++i) {
    callers.emplace_back([&] {
      while (!is_over) {
        const auto text = orders->token_for("inventory");
        ++(text.ok() && inventory->verify(text.value()).ok() ? believed : refused);
      }
    });
  }
  for (int round = 0; round < 50; ++round) {
    const int before = believed;
    BOOST_REQUIRE(folder.rotate("orders", clock.utc()).ok());
    clock.advance(5s);
    while (believed < before + 10 && refused == 0) std::this_thread::yield();
  }
  is_over = true;
  for (std::thread& caller : callers) caller.join();
  BOOST_TEST(refused.load() == 0);
  BOOST_TEST(believed.load() >= 500);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(verifier_of_tokens, Fixture)

BOOST_AUTO_TEST_CASE(goes_on_with_its_keys_while_the_files_are_broken) {
  write(folder.public_file("payments"), "{\"keys\":");
  clock.advance(10s);
  BOOST_TEST(is_believed(token()));
  std::filesystem::remove_all(folder.public_folder());
  clock.advance(10s);
  BOOST_TEST(is_believed(token()));
}

BOOST_AUTO_TEST_CASE(does_not_start_without_its_keys) {
  const auto reason = [&](TokenVerifier::Options options) {
    const auto made = TokenVerifier::open(std::move(options), clock);
    return made.ok() ? std::string{} : made.error().reason();
  };
  BOOST_TEST(reason({.audience = "inventory", .key_folder = disk.path() + "/nowhere"}) == "security.no_file");
  BOOST_TEST(reason({.audience = "", .key_folder = folder.public_folder()}) == "security.bad_name");
  std::filesystem::copy_file(folder.public_file("orders"), folder.public_file("thief"));
  BOOST_TEST(reason({.audience = "inventory", .key_folder = folder.public_folder()}) == "security.bad_key");
}

BOOST_AUTO_TEST_CASE(skips_files_that_are_no_account) {
  write(folder.public_folder() + "/README", "text");
  write(folder.public_folder() + "/.orders.json.XXXXXX", "text");
  clock.advance(10s);
  BOOST_TEST(is_believed(token()));
}

BOOST_AUTO_TEST_CASE(remembers_a_bounded_number_of_tokens_and_is_right_beyond_it) {
  inventory = verifier("inventory", 2);
  std::vector<std::string> tokens;
  for (int i = 0; i < 5; ++i) tokens.push_back(issuer("orders")->token_for("inventory").value());
  for (int round = 0; round < 2; ++round) {
    for (const std::string& text : tokens) BOOST_TEST(is_believed(text));
  }
}

BOOST_AUTO_TEST_CASE(does_not_take_a_changed_token_for_a_remembered_one) {
  const std::string good = token();
  BOOST_TEST(is_believed(good));
  for (std::size_t i = 0; i < good.size(); i += 7) {
    std::string bad = good;
    bad[i] = bad[i] == 'A' ? 'B' : 'A';
    BOOST_TEST(!is_believed(bad));
  }
}

BOOST_AUTO_TEST_SUITE_END()
