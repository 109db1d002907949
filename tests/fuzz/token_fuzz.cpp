/// Tokens and signed statements. "raw" and any text: nothing that no key has signed is believed. "claims" and
/// a document, which is signed: what is believed is ours and does not last. "changed", lines "<position>
/// <byte>", and what to add: a token is believed as it was written, and not with one bit different.
#include <charconv>

#include "banyan/security/key_folder.hpp"
#include "banyan/security/statement.hpp"
#include "banyan/security/token_issuer.hpp"
#include "banyan/security/token_verifier.hpp"
#include "banyan/testing/manual_clock.hpp"
#include "banyan/testing/seeded_random.hpp"
#include "banyan/testing/temporary_directory.hpp"
#include "fuzz.hpp"
#include "security/src/claims.hpp"
#include "security/src/jws.hpp"
#include "security/src/own_key.hpp"

namespace {

using namespace banyan;
using namespace banyan::security;

/// An account with a key, and who believes it.
class Account {
 public:
  Account() {
    fuzz::require(folder.create("orders").ok(), "a key can be made");
    verifier =
        TokenVerifier::open({.audience = "payments", .key_folder = folder.public_folder()}, clock).value();
    statements = StatementVerifier::open({.key_folder = folder.public_folder()}, clock).value();
    issuer =
        TokenIssuer::open({.account = "orders", .key_file = folder.private_file("orders")}, clock, random)
            .value();
    signer = StatementSigner::open({.key_file = folder.private_file("orders")}, clock).value();
    token = issuer->token_for("payments").value();
    signature = signer->sign("what is said").value();
  }

  testing::TemporaryDirectory disk;
  testing::ManualClock clock;
  testing::SeededRandom random{1};
  KeyFolder folder{disk.path() + "/keys"};
  std::unique_ptr<TokenVerifier> verifier;
  std::unique_ptr<StatementVerifier> statements;
  std::unique_ptr<TokenIssuer> issuer;
  std::unique_ptr<StatementSigner> signer;
  std::string token;
  std::string signature;
};

Account& account() {
  static Account one;
  return one;
}

void check_raw(std::string_view text) {
  fuzz::require(!account().verifier->verify(text).ok(), "what nobody has signed is no token", text);
  fuzz::require(!account().statements->verify(text, "what is said").ok(),
                "what nobody has signed is no statement", text);
}

void check_claims(std::string_view claims) {
  static OwnKey key =
      OwnKey::read(account().folder.private_file("orders"), std::chrono::hours{1}, account().clock.now())
          .value();
  const auto token = sign(key.handle(), key.id(), token_type, claims);
  fuzz::require(token.ok(), "anything can be signed", claims);
  const auto caller = account().verifier->verify(token.value());
  if (!caller.ok()) return;
  const Timestamp now = account().clock.utc();
  fuzz::require(caller.value().account == "orders" && !caller.value().token_id.empty(), "it is ours", claims);
  fuzz::require(caller.value().expires > now, "it is not over", claims);
  fuzz::require(caller.value().expires <= now + token_life_max + 2 * TokenVerifier::leeway_max,
                "it does not last", claims);
}

std::string changed(std::string text, fuzz::Parts& parts) {
  for (std::string_view line = parts.line(); !line.empty(); line = parts.line()) {
    std::size_t place = 0;
    unsigned byte = 0;
    const std::size_t space = std::min(line.find(' '), line.size());
    std::from_chars(line.data(), line.data() + space, place);
    std::from_chars(line.data() + std::min(space + 1, line.size()), line.data() + line.size(), byte);
    text[place % text.size()] = static_cast<char>(byte);
  }
  return text.append(parts.rest());
}

void check_changed(fuzz::Parts parts) {
  fuzz::Parts again = parts;
  const std::string token = changed(account().token, parts);
  fuzz::require(account().verifier->verify(token).ok() == (token == account().token),
                "a token is believed as it was written alone", token);
  const std::string signature = changed(account().signature, again);
  const bool is_same = signature == account().signature;
  fuzz::require(account().statements->verify(signature, "what is said").ok() == is_same,
                "a signature is believed as it was written alone", signature);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Parts parts{data, size};
  const std::string_view kind = parts.line();
  if (kind == "raw") check_raw(parts.rest());
  if (kind == "claims") check_claims(parts.rest());
  if (kind == "changed") check_changed(parts);
  return 0;
}
