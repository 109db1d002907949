#include "service_account.hpp"

#include "banyan/security/key_folder.hpp"

namespace banyan::host {
namespace {

constexpr std::string_view scheme = "Bearer ";

}  // namespace

ServiceAccount::ServiceAccount(std::unique_ptr<security::TokenIssuer> issuer,
                               std::unique_ptr<security::TokenVerifier> verifier)
    : issuer_(std::move(issuer)), verifier_(std::move(verifier)) {}

Result<std::unique_ptr<ServiceAccount>> ServiceAccount::open(const std::string& name,
                                                             const std::string& key_folder,
                                                             const Clock& clock, Random& random) {
  const security::KeyFolder keys{key_folder};
  auto issuer =
      security::TokenIssuer::open({.account = name, .key_file = keys.private_file(name)}, clock, random);
  if (!issuer.ok()) return issuer.error();
  auto verifier =
      security::TokenVerifier::open({.audience = name, .key_folder = keys.public_folder()}, clock);
  if (!verifier.ok()) return verifier.error();
  return std::unique_ptr<ServiceAccount>{
      new ServiceAccount{std::move(issuer).value(), std::move(verifier).value()}};
}

Result<std::string> ServiceAccount::authorization_for(std::string_view callee) {
  auto token = issuer_->token_for(callee);
  if (!token.ok()) return token.error();
  return std::string{scheme} + token.value();
}

Result<std::string> ServiceAccount::caller_of(std::string_view authorization) {
  if (!authorization.starts_with(scheme)) {
    return Error{Errc::rejected, "security.unauthenticated", "no bearer token"};
  }
  const auto caller = verifier_->verify(authorization.substr(scheme.size()));
  if (!caller.ok()) return caller.error();
  return caller.value().account;
}

}  // namespace banyan::host
