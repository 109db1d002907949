#include "service_account.hpp"

#include "banyan/security/key_folder.hpp"

namespace banyan::host {
namespace {

constexpr std::string_view scheme = "Bearer ";

}  // namespace

Result<std::unique_ptr<ServiceAccount>> ServiceAccount::open(const std::string& name,
                                                             const std::string& key_folder,
                                                             const Clock& clock, Random& random) {
  const security::KeyFolder keys{key_folder};
  std::unique_ptr<ServiceAccount> account{new ServiceAccount};
  auto issuer =
      security::TokenIssuer::open({.account = name, .key_file = keys.private_file(name)}, clock, random);
  if (!issuer.ok()) return issuer.error();
  account->issuer_ = std::move(issuer).value();
  auto verifier =
      security::TokenVerifier::open({.audience = name, .key_folder = keys.public_folder()}, clock);
  if (!verifier.ok()) return verifier.error();
  account->verifier_ = std::move(verifier).value();
  auto signer = security::StatementSigner::open({.key_file = keys.private_file(name)}, clock);
  if (!signer.ok()) return signer.error();
  account->signer_ = std::move(signer).value();
  auto statements = security::StatementVerifier::open({.key_folder = keys.public_folder()}, clock);
  if (!statements.ok()) return statements.error();
  account->statements_ = std::move(statements).value();
  return account;
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
