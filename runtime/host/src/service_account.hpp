#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "banyan/base/clock.hpp"
#include "banyan/base/random.hpp"
#include "banyan/base/result.hpp"
#include "banyan/security/statement.hpp"
#include "banyan/security/token_issuer.hpp"
#include "banyan/security/token_verifier.hpp"

namespace banyan::host {

/// How one identity of this process proves to others who it is, and finds out who they are: by tokens in
/// calls and signatures of messages, made with keys that are read again by themselves.
///
/// Threads: safe. Lifetime: clock and random live longer.
class ServiceAccount {
 public:
  /// `key_folder` as security::KeyFolder makes it. Errors: those of TokenIssuer::open and
  /// TokenVerifier::open, and of StatementSigner and StatementVerifier likewise.
  static Result<std::unique_ptr<ServiceAccount>> open(const std::string& name, const std::string& key_folder,
                                                      const Clock& clock, Random& random);

  /// The credential of a call to `callee`: "Bearer <token>". Errors: those of TokenIssuer::token_for.
  Result<std::string> authorization_for(std::string_view callee);
  /// The caller that this credential proves. Errors: rejected "security.unauthenticated".
  Result<std::string> caller_of(std::string_view authorization);
  /// The signature of a statement that reaches others indirectly. Errors: those of
  /// StatementSigner::sign.
  Result<std::string> sign(std::string_view statement) { return signer_->sign(statement); }
  /// The author that the signature of a statement proves. Errors: rejected "security.unauthenticated".
  Result<std::string> signer_of(std::string_view signature, std::string_view statement) {
    return statements_->verify(signature, statement);
  }

 private:
  ServiceAccount() = default;

  std::unique_ptr<security::TokenIssuer> issuer_;
  std::unique_ptr<security::TokenVerifier> verifier_;
  std::unique_ptr<security::StatementSigner> signer_;
  std::unique_ptr<security::StatementVerifier> statements_;
};

}  // namespace banyan::host
