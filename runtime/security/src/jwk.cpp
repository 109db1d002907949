#include "jwk.hpp"

#include <cjose/util.h>
#include <sodium.h>

#include <algorithm>

#include "banyan/json/parse.hpp"
#include "banyan/json/writer.hpp"
#include "base64url.hpp"
#include "require_sodium.hpp"

namespace banyan::security {
namespace {

constexpr std::size_t coordinate_bytes = 32;
constexpr json::ParseLimits file_limits{.bytes_max = 64 << 10, .depth_max = 4, .elements_max = 1000};
constexpr std::int64_t year_10000_s = 253'402'300'800;

Error bad_key(std::string_view why) { return {Errc::invalid_argument, "security.bad_key", std::string{why}}; }

std::string text_of(const json::Value& object, std::string_view name) {
  const json::Value* member = object.find(name);
  const std::string* text = member != nullptr ? member->if_a<std::string>() : nullptr;
  return text != nullptr ? *text : std::string{};
}

bool is_coordinate(std::string_view text) {
  const auto bytes = from_base64url(text);
  return bytes && bytes->size() == coordinate_bytes;
}

Status read_end(const json::Value& object, Jwk& key) {
  const json::Value* end = object.find("exp");
  if (end == nullptr) return success();
  const auto* seconds = end->if_a<std::int64_t>();
  if (seconds == nullptr || *seconds < 0 || *seconds >= year_10000_s) return bad_key("exp is no time");
  key.until = Timestamp{std::chrono::seconds{*seconds}};
  return success();
}

Result<Jwk> to_jwk(const json::Value& object) {
  Jwk key{.id = text_of(object, "kid"),
          .x = text_of(object, "x"),
          .y = text_of(object, "y"),
          .d = Secret{text_of(object, "d")}};
  if (text_of(object, "kty") != "EC" || text_of(object, "crv") != "P-256") return bad_key("is not of P-256");
  if (text_of(object, "alg") != "ES256") return bad_key("alg is not ES256");
  if (text_of(object, "use") != "sig") return bad_key("use is not sig");
  if (!is_key_id(key.id)) return bad_key("has no good kid");
  if (!is_coordinate(key.x) || !is_coordinate(key.y)) return bad_key("x or y is no coordinate");
  if (object.find("d") != nullptr && !is_coordinate(key.d.reveal())) return bad_key("d is no private key");
  if (const Status end = read_end(object, key); !end.ok()) return end.error();
  return key;
}

Result<json::Value> parse(std::string_view text) {
  Result<json::Value> document = json::parse(text, file_limits);
  if (!document.ok()) return bad_key(document.error().detail());
  return document;
}

void member(json::Writer& out, std::string_view name, std::string_view text) {
  out.name(name);
  out.string(text);
}

void write(json::Writer& out, const Jwk& key) {
  out.begin_object();
  member(out, "kty", "EC");
  member(out, "crv", "P-256");
  member(out, "alg", "ES256");
  member(out, "use", "sig");
  member(out, "kid", key.id);
  member(out, "x", key.x);
  member(out, "y", key.y);
  if (!key.d.empty()) member(out, "d", key.d.reveal());
  if (key.until) {
    out.name("exp");
    out.integer(std::chrono::floor<std::chrono::seconds>(*key.until).time_since_epoch().count());
  }
  out.end_object();
}

std::string thumbprint(const Jwk& key) {
  require_sodium();
  const std::string text = R"({"crv":"P-256","kty":"EC","x":")" + key.x + R"(","y":")" + key.y + R"("})";
  std::string hash(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256(reinterpret_cast<unsigned char*>(hash.data()),
                     reinterpret_cast<const unsigned char*>(text.data()), text.size());
  return to_base64url(hash);
}

KeyHandle owned(cjose_jwk_t* key) {
  return KeyHandle{key, [](cjose_jwk_t* old) { cjose_jwk_release(old); }};
}

std::uint8_t* bytes_of(std::string& text) { return reinterpret_cast<std::uint8_t*>(text.data()); }

}  // namespace

bool is_key_id(std::string_view id) noexcept {
  const auto is_allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  };
  return !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), is_allowed);
}

Jwk make_jwk() {
  cjose_err error{};
  cjose_jwk_t* made = cjose_jwk_create_EC_random(CJOSE_JWK_EC_P_256, &error);
  BANYAN_ASSERT(made != nullptr);
  const KeyHandle owner = owned(made);
  const std::unique_ptr<char, decltype(cjose_get_dealloc())> text{cjose_jwk_to_json(made, true, &error),
                                                                  cjose_get_dealloc()};
  BANYAN_ASSERT(text != nullptr);
  const auto document = json::parse(text.get());
  Jwk key{.x = text_of(document.value(), "x"),
          .y = text_of(document.value(), "y"),
          .d = Secret{text_of(document.value(), "d")}};
  key.id = thumbprint(key);
  return key;
}

Result<Jwk> parse_private_jwk(std::string_view text) {
  const auto document = parse(text);
  if (!document.ok()) return document.error();
  Result<Jwk> key = to_jwk(document.value());
  if (key.ok() && key.value().d.empty()) return bad_key("has no private part");
  return key;
}

Result<std::vector<Jwk>> parse_public_jwks(std::string_view text) {
  const auto document = parse(text);
  if (!document.ok()) return document.error();
  const json::Value* member = document.value().find("keys");
  const json::Array* elements = member != nullptr ? member->if_a<json::Array>() : nullptr;
  if (elements == nullptr) return bad_key("is no set of keys");
  std::vector<Jwk> keys;
  for (const json::Value& element : *elements) {
    Result<Jwk> key = to_jwk(element);
    if (!key.ok()) return key.error();
    if (!key.value().d.empty()) return bad_key("a private key lies among the public ones");
    keys.push_back(std::move(key).value());
  }
  return keys;
}

std::string to_private_json(const Jwk& key) {
  std::string text;
  json::Writer out{text};
  write(out, key);
  return text + "\n";
}

std::string to_public_json(const std::vector<Jwk>& keys) {
  std::string text;
  json::Writer out{text};
  out.begin_object();
  out.name("keys");
  out.begin_array();
  for (const Jwk& key : keys) {
    Jwk shown = key;
    shown.d = {};
    write(out, shown);
  }
  out.end_array();
  out.end_object();
  return text + "\n";
}

Result<KeyHandle> to_handle(const Jwk& key) {
  std::string x = from_base64url(key.x).value_or("");
  std::string y = from_base64url(key.y).value_or("");
  std::string d = from_base64url(key.d.reveal()).value_or("");
  const cjose_jwk_ec_keyspec parts{.crv = CJOSE_JWK_EC_P_256,
                                   .d = d.empty() ? nullptr : bytes_of(d),
                                   .dlen = d.size(),
                                   .x = bytes_of(x),
                                   .xlen = x.size(),
                                   .y = bytes_of(y),
                                   .ylen = y.size()};
  cjose_err error{};
  cjose_jwk_t* made = cjose_jwk_create_EC_spec(&parts, &error);
  sodium_memzero(d.data(), d.size());
  if (made == nullptr) return bad_key("is no point of the curve");
  return owned(made);
}

}  // namespace banyan::security
