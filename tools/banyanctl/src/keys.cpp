#include "keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <iterator>

#include "banyan/json/writer.hpp"
#include "banyan/security/key_folder.hpp"
#include "identities.hpp"

namespace banyan::ctl {
namespace {

using security::KeyFacts;
using security::KeyFolder;

constexpr int succeeded = 0;
constexpr int failed = 1;

/// The use of the key: "signs", "believed" (a while yet, or until it is replaced), "over".
std::string_view state_of(const KeyFacts& key, Timestamp now) {
  if (key.signs) return "signs";
  return key.until && *key.until <= now ? "over" : "believed";
}

std::string until_of(const KeyFacts& key) { return key.until ? to_rfc3339(*key.until) : ""; }

std::string to_table(const std::vector<KeyFacts>& keys, Timestamp now) {
  std::string out = fmt::format("{:<16} {:<44} {:<9} {}\n", "ACCOUNT", "KEY", "STATE", "UNTIL");
  for (const KeyFacts& key : keys) {
    out += fmt::format("{:<16} {:<44} {:<9} {}\n", key.account, key.id, state_of(key, now), until_of(key));
  }
  return out;
}

std::string to_json(const std::vector<KeyFacts>& keys, Timestamp now) {
  std::string out;
  json::Writer writer{out};
  const auto member = [&writer](std::string_view name, std::string_view value) {
    writer.name(name);
    writer.string(value);
  };
  writer.begin_array();
  for (const KeyFacts& key : keys) {
    writer.begin_object();
    member("account", key.account);
    member("key", key.id);
    member("state", state_of(key, now));
    member("until", until_of(key));
    writer.end_object();
  }
  writer.end_array();
  return out + "\n";
}

/// Each account once.
Result<std::vector<std::string>> accounts_with_keys(const KeyFolder& folder) {
  const Result<std::vector<KeyFacts>> keys = folder.keys();
  if (!keys.ok()) return keys.error();
  std::vector<std::string> accounts;
  for (const KeyFacts& key : keys.value()) {
    if (accounts.empty() || accounts.back() != key.account) accounts.push_back(key.account);
  }
  return accounts;
}

}  // namespace

std::vector<std::string> service_accounts_of(std::span<const message::Edge> edges) {
  std::vector<std::string> accounts = modules_of(edges);
  accounts.emplace_back(gateway);
  std::sort(accounts.begin(), accounts.end());
  return accounts;
}

int Keys::refuse(const std::string& account, const Error& error) const {
  fmt::print(stderr, "{}: {}: {}\n", account, error.reason(), error.detail());
  if (error.code() == Errc::not_found) {
    fmt::print(stderr, "  next: banyanctl keys init --dir {}\n", folder_);
  } else if (error.code() == Errc::already_exists) {
    fmt::print(stderr, "  next: banyanctl keys rotate {} --dir {}\n", account, folder_);
  }
  return failed;
}

bool Keys::are_known(const std::vector<std::string>& accounts) const {
  const std::vector<std::string> known = service_accounts_of(edges_);
  for (const std::string& account : accounts) {
    if (std::find(known.begin(), known.end(), account) != known.end()) continue;
    fmt::print(stderr, "{}: banyanctl.unknown_name: is none of {}\n", account, fmt::join(known, ", "));
    return false;
  }
  return true;
}

int Keys::init(std::vector<std::string> accounts) const {
  if (!are_known(accounts)) return failed;
  const bool is_for_all = accounts.empty();
  for (const std::string& account : is_for_all ? service_accounts_of(edges_) : accounts) {
    const Result<KeyFacts> made = KeyFolder{folder_}.create(account);
    if (made.ok()) {
      fmt::print("{}: signs with {}\n", account, made.value().id);
    } else if (!is_for_all || made.error().code() != Errc::already_exists) {
      return refuse(account, made.error());
    }
  }
  return succeeded;
}

int Keys::rotate(std::vector<std::string> accounts, bool is_revoking) const {
  if (!are_known(accounts)) return failed;
  const KeyFolder folder{folder_};
  if (accounts.empty()) {
    Result<std::vector<std::string>> all = accounts_with_keys(folder);
    if (!all.ok()) return refuse(folder_, all.error());
    accounts = std::move(all).value();
  }
  const Duration overlap = is_revoking ? Duration::zero() : security::key_overlap;
  for (const std::string& account : accounts) {
    const Timestamp now = clock_.utc();
    const Result<KeyFacts> made = folder.rotate(account, now, overlap);
    if (!made.ok()) return refuse(account, made.error());
    fmt::print("{}: signs with {}; keys before are {}\n", account, made.value().id,
               is_revoking ? "revoked" : "believed until " + to_rfc3339(now + overlap));
  }
  return succeeded;
}

int Keys::show(bool as_json) const {
  const Result<std::vector<KeyFacts>> keys = KeyFolder{folder_}.keys();
  if (!keys.ok()) return refuse(folder_, keys.error());
  const Timestamp now = clock_.utc();
  fmt::print("{}", as_json ? to_json(keys.value(), now) : to_table(keys.value(), now));
  return succeeded;
}

}  // namespace banyan::ctl
