#include "jws.hpp"

#include <cjose/jws.h>

#include <array>
#include <optional>

#include "banyan/json/parse.hpp"
#include "base64url.hpp"

namespace banyan::security {
namespace {

constexpr const char* algorithm = "ES256";
constexpr std::size_t signature_bytes = 64;
constexpr std::size_t header_members = 3;
constexpr json::ParseLimits limits{.bytes_max = 8 << 10, .depth_max = 4, .elements_max = 64};

using Header = std::unique_ptr<cjose_header_t, decltype(&cjose_header_release)>;
using Signed = std::unique_ptr<cjose_jws_t, decltype(&cjose_jws_release)>;

Header make_header(const char* type, const std::string& key_id) {
  cjose_err error{};
  Header header{cjose_header_new(&error), cjose_header_release};
  const bool made = header != nullptr && cjose_header_set(header.get(), "alg", algorithm, &error) &&
                    cjose_header_set(header.get(), "typ", type, &error) &&
                    cjose_header_set(header.get(), "kid", key_id.c_str(), &error);
  if (!made) header.reset();
  return header;
}

/// Header, payload and signature, still encoded.
using Parts = std::array<std::string_view, 3>;

std::optional<Parts> split(std::string_view text) {
  const std::size_t first = text.find('.');
  const std::size_t second = first == std::string_view::npos ? first : text.find('.', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  return Parts{text.substr(0, first), text.substr(first + 1, second - first - 1), text.substr(second + 1)};
}

std::optional<json::Value> parse_object(std::string_view text) {
  auto document = json::parse(text, limits);
  if (!document.ok() || document.value().if_a<json::Object>() == nullptr) return std::nullopt;
  return std::move(document).value();
}

bool is_text(const json::Value& object, std::string_view name, std::string_view expected) {
  const json::Value* member = object.find(name);
  const std::string* text = member != nullptr ? member->if_a<std::string>() : nullptr;
  return text != nullptr && *text == expected;
}

/// The key's id. Ours have three members there: whoever has put in another one (crit, b64, jku, jwk, x5u,
/// x5c …) wants something that we do not do.
Result<std::string> read_header(const json::Value& header, std::string_view type) {
  if (header.if_a<json::Object>()->size() != header_members) return unauthenticated("not our header");
  if (!is_text(header, "alg", algorithm)) return unauthenticated("alg is not ES256");
  if (!is_text(header, "typ", type)) return unauthenticated("typ is not " + std::string{type});
  const json::Value* id = header.find("kid");
  const std::string* text = id != nullptr ? id->if_a<std::string>() : nullptr;
  if (text == nullptr || !is_key_id(*text)) return unauthenticated("no good kid");
  return *text;
}

}  // namespace

Error unauthenticated(std::string_view why) {
  return {Errc::rejected, "security.unauthenticated", std::string{why}};
}

Result<std::string> sign(const KeyHandle& key, const std::string& key_id, const char* type,
                         std::string_view payload) {
  const Error failed{Errc::internal, "security.not_signed", "cjose could not sign"};
  const Header header = make_header(type, key_id);
  if (header == nullptr) return failed;
  cjose_err error{};
  const Signed made{
      cjose_jws_sign(key.get(), header.get(), reinterpret_cast<const std::uint8_t*>(payload.data()),
                     payload.size(), &error),
      cjose_jws_release};
  const char* text = nullptr;
  if (made == nullptr || !cjose_jws_export(made.get(), &text, &error)) return failed;
  return std::string{text};
}

Result<OpenedJws> open_jws(std::string_view text, std::string_view type) {
  const auto parts = split(text);
  if (!parts) return unauthenticated("not three parts");
  const auto signature = from_base64url((*parts)[2]);
  if (!signature || signature->size() != signature_bytes) return unauthenticated("not a signature of ES256");
  const auto header_text = from_base64url((*parts)[0]);
  const auto header = header_text ? parse_object(*header_text) : std::nullopt;
  if (!header) return unauthenticated("the header is no JSON object in base64url");
  Result<std::string> id = read_header(*header, type);
  if (!id.ok()) return id.error();
  auto payload = from_base64url((*parts)[1]);
  if (!payload) return unauthenticated("the payload is not base64url");
  return OpenedJws{text, std::move(id).value(), *std::move(payload)};
}

Result<OpenedToken> open_token(std::string_view token) {
  Result<OpenedJws> opened = open_jws(token, token_type);
  if (!opened.ok()) return opened.error();
  auto claims = parse_object(opened.value().payload());
  if (!claims) return unauthenticated("the claims are no JSON object");
  return OpenedToken{std::move(opened).value(), *std::move(claims)};
}

// Only what open_jws() has passed: cjose ends the process at a '=' where no padding may be.
bool OpenedJws::is_signed_by(const KeyHandle& key) const {
  cjose_err error{};
  const Signed parsed{cjose_jws_import(text_.data(), text_.size(), &error), cjose_jws_release};
  return parsed != nullptr && cjose_jws_verify(parsed.get(), key.get(), &error);
}

}  // namespace banyan::security
