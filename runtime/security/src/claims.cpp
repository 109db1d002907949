#include "claims.hpp"

#include <optional>

#include "banyan/security/token_issuer.hpp"
#include "jws.hpp"

namespace banyan::security {
namespace {

constexpr std::int64_t year_10000_s = 253'402'300'800;

std::string_view text_of(const json::Value& claims, std::string_view name) {
  const json::Value* member = claims.find(name);
  const std::string* text = member != nullptr ? member->if_a<std::string>() : nullptr;
  return text != nullptr ? std::string_view{*text} : std::string_view{};
}

std::optional<Timestamp> time_of(const json::Value& claims, std::string_view name) {
  const json::Value* member = claims.find(name);
  const auto* seconds = member != nullptr ? member->if_a<std::int64_t>() : nullptr;
  if (seconds == nullptr || *seconds < 0 || *seconds >= year_10000_s) return std::nullopt;
  return Timestamp{std::chrono::seconds{*seconds}};
}

Status check_names(const json::Value& claims, const Expected& expected) {
  if (text_of(claims, "iss") != expected.account) return unauthenticated("iss is not the owner of the key");
  if (text_of(claims, "sub") != expected.account) return unauthenticated("sub is not the owner of the key");
  if (text_of(claims, "aud") != expected.audience) return unauthenticated("aud is somebody else");
  if (text_of(claims, "jti").empty()) return unauthenticated("no jti");
  return success();
}

}  // namespace

Result<Claims> check_claims(const json::Value& claims, const Expected& expected) {
  if (const Status named = check_names(claims, expected); !named.ok()) return named.error();
  const auto issued = time_of(claims, "iat");
  const auto begins = time_of(claims, "nbf");
  const auto expires = time_of(claims, "exp");
  if (!issued || !begins || !expires) return unauthenticated("iat, nbf or exp is no time");
  if (*expires <= *issued || *expires - *issued > token_life_max) return unauthenticated("lives too long");
  if (expected.now + expected.leeway < std::max(*issued, *begins)) return unauthenticated("not valid yet");
  if (expected.now >= *expires + expected.leeway) return unauthenticated("expired");
  return Claims{std::string{text_of(claims, "jti")}, *expires};
}

}  // namespace banyan::security
