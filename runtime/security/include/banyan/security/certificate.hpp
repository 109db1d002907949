#pragma once
#include <span>
#include <string>
#include <string_view>

#include "banyan/base/clock.hpp"
#include "banyan/base/result.hpp"
#include "banyan/base/secret.hpp"

namespace banyan::security {

/// Certificates of processes. A process is called by one name: its certificate has exactly one subject
/// alternative name, the DNS name `<name>.banyan.internal`, and nothing else in it tells who it is. Keys are
/// on the curve P-256. Threads: every function is safe.
inline constexpr std::string_view identity_domain = "banyan.internal";

/// The uses that a certificate allows.
struct Uses {
  bool client = false;  ///< To open connections.
  bool server = false;  ///< To be connected to.

  friend bool operator==(const Uses&, const Uses&) = default;
};

/// A certificate and its private key, as PEM.
struct Credentials {
  std::string certificate;
  Secret key;
};

/// The contents of a certificate.
struct Certificate {
  std::string name;  ///< "orders" for orders.banyan.internal; empty for an authority's.
  Uses uses;
  std::string serial;  ///< Hexadecimal.
  Timestamp not_before;
  Timestamp not_after;

  /// True from two thirds of its life on.
  bool is_due(Timestamp now) const { return now >= not_after - (not_after - not_before) / 3; }
};

/// Up to 48 of a-z, 0-9 and inner hyphens.
/// Errors: invalid_argument "security.bad_name".
Status check_name(std::string_view name);

/// "orders.banyan.internal" of a good name.
std::string dns_name(std::string_view name);

/// The uses that the process of that name needs: "nats", the server, is connected to, "nats-1", "nats-2" … do
/// both (they are the members of a cluster among themselves), and everybody else connects.
Uses uses_of(std::string_view name) noexcept;

/// The longest life of a certificate: far enough from where times end.
inline constexpr Duration life_max = std::chrono::days{36'500};

/// A new authority, which can vouch for names below identity_domain alone.
Result<Credentials> make_authority(Timestamp now, Duration life);

/// A new key with a certificate of `authority` for uses_of(name). It is good from five minutes before `now`,
/// for clocks that go after, until `life` after it.
/// Errors:
///  - invalid_argument "security.bad_name", and "security.bad_life" if it is not positive, or
///    more than life_max;
///  - invalid_argument "security.bad_certificate": `authority` is none, or the key is not its own;
///  - rejected         "security.outlives_authority".
Result<Credentials> issue(const Credentials& authority, std::string_view name, Timestamp now, Duration life);

/// The certificate, if it may be used by the process of that name right now.
/// Errors:
///  - invalid_argument "security.bad_certificate": unreadable PEM;
///  - rejected         "security.wrong_identity": it is for another name, for several, or for none;
///  - rejected         "security.wrong_use": it is not for uses_of(name);
///  - rejected         "security.wrong_key": the private key is of another certificate;
///  - rejected         "security.expired": not valid any more, or not yet; or its authority;
///  - rejected         "security.untrusted": none of `authorities` (PEM, any number) vouches for it.
Result<Certificate> check(const Credentials& credentials, std::string_view authorities, std::string_view name,
                          Timestamp now);

/// The contents, unverified. Errors: "security.bad_certificate".
Result<Certificate> describe(std::string_view certificate);

/// Like check(), for an authority's own certificate and key. Errors: "security.bad_certificate" also if it is
/// no authority, "security.wrong_key", "security.expired".
Result<Certificate> check_authority(const Credentials& authority, Timestamp now);

}  // namespace banyan::security
