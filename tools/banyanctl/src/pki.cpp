#include "pki.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <set>

#include "banyan/json/writer.hpp"
#include "banyan/security/credential_folder.hpp"
#include "identities.hpp"

namespace banyan::ctl {
namespace {

namespace fs = std::filesystem;
using security::Certificate;
using security::CredentialFolder;

constexpr int succeeded = 0;
constexpr int failed = 1;

/// One line of the table: what a certificate says, and what that means now.
struct Row {
  std::string name;
  std::string use;
  std::string serial;
  std::string expires;
  std::string state;  ///< "good", "due", or the reason why it may not be used.
};

std::string use_of(security::Uses uses) {
  if (uses.client && uses.server) return "client, server";
  if (uses.client) return "client";
  return uses.server ? "server" : "authority";
}

Row row_of(std::string name, const Result<Certificate>& facts, const Status& verdict, Timestamp now) {
  if (!facts.ok()) return {std::move(name), "", "", "", facts.error().reason()};
  const Certificate& said = facts.value();
  const std::string good = said.is_due(now) ? "due" : "good";
  return {std::move(name), use_of(said.uses), said.serial, to_rfc3339(said.not_after),
          verdict.ok() ? good : verdict.error().reason()};
}

Status verdict_of(const Result<Certificate>& checked) {
  return checked.ok() ? success() : Status{checked.error()};
}

std::string to_table(const std::vector<Row>& rows) {
  std::string out = fmt::format("{:<16} {:<15} {:<28} {}\n", "NAME", "USE", "EXPIRES", "STATE");
  for (const Row& row : rows) {
    out += fmt::format("{:<16} {:<15} {:<28} {}\n", row.name, row.use, row.expires, row.state);
  }
  return out;
}

std::string to_json(const std::vector<Row>& rows) {
  std::string out;
  json::Writer writer{out};
  writer.begin_array();
  for (const Row& row : rows) {
    writer.begin_object();
    for (const auto& [key, value] : {std::pair{"name", &row.name},
                                     {"use", &row.use},
                                     {"serial", &row.serial},
                                     {"expires", &row.expires},
                                     {"state", &row.state}}) {
      writer.name(key);
      writer.string(*value);
    }
    writer.end_object();
  }
  writer.end_array();
  return out + "\n";
}

std::vector<Row> rows_of(const CredentialFolder& folder, const std::vector<std::string>& names,
                         Timestamp now) {
  const Result<Certificate> authority = folder.check_authority(now);
  std::vector<Row> rows{row_of("(authority)", authority, verdict_of(authority), now)};
  for (const std::string& name : names) {
    rows.push_back(row_of(name, folder.describe(name), verdict_of(folder.check(name, now)), now));
  }
  return rows;
}

}  // namespace

std::string Pki::command(const std::string& what) const {
  return fmt::format("banyanctl pki {} --dir {}", what, folder_);
}

int Pki::refuse(const std::string& subject, const Error& error, const std::string& next) const {
  fmt::print(stderr, "{}: {}: {}\n", subject, error.reason(), error.detail());
  if (!next.empty()) fmt::print(stderr, "  next: {}\n", next);
  return failed;
}

std::string Pki::next_authority() const { return fmt::format("banyanctl pki init --dir {}.next", folder_); }

std::string Pki::next_for(const std::string& name, const Error& error) const {
  const std::string file = CredentialFolder{folder_}.file_of(name);
  if (!is_identity(edges_, name)) return "rm " + file;
  if (error.reason() == "security.file_not_private") return "chmod 600 " + file;
  return command("issue " + name);
}

int Pki::init(Duration life) const {
  const Status made = CredentialFolder{folder_}.create_authority(clock_.utc(), life);
  if (!made.ok()) {
    const bool exists = made.error().code() == Errc::already_exists;
    return refuse("authority", made.error(), exists ? command("show") : "");
  }
  fmt::print("made an authority in {}\nnext: {}\n", folder_, command("issue"));
  return succeeded;
}

int Pki::issue(std::vector<std::string> names, Duration life) const {
  return issue_all(names.empty() ? identities_of(edges_) : names, life);
}

int Pki::rotate(std::vector<std::string> names, Duration life) const {
  const Result<std::vector<std::string>> issued = CredentialFolder{folder_}.names();
  if (!issued.ok()) return refuse("authority", issued.error(), command("init"));
  for (const std::string& name : names) {
    if (std::find(issued.value().begin(), issued.value().end(), name) == issued.value().end()) {
      return refuse(name, {Errc::not_found, "banyanctl.not_issued", "has no certificate to replace"},
                    command(is_identity(edges_, name) ? "issue " + name : "show"));
    }
  }
  return issue_all(names.empty() ? issued.value() : names, life);
}

int Pki::issue_all(const std::vector<std::string>& names, Duration life) const {
  for (const std::string& name : names) {
    if (const Status good = security::check_name(name); !good.ok()) return refuse(name, good.error(), "");
    if (!is_identity(edges_, name)) {
      const std::string known = fmt::format("is none of {}", fmt::join(identities_of(edges_), ", "));
      const std::string file = CredentialFolder{folder_}.file_of(name);
      std::error_code ignored;
      return refuse(name, {Errc::not_found, "banyanctl.unknown_name", known},
                    fs::exists(file, ignored) ? "rm " + file : "");
    }
  }
  for (const std::string& name : names) {
    const Result<Certificate> made = CredentialFolder{folder_}.issue(name, clock_.utc(), life);
    if (!made.ok()) {
      const std::string& reason = made.error().reason();
      if (reason == "security.outlives_authority") return refuse(name, made.error(), next_authority());
      return refuse(name, made.error(), command(reason == "security.no_file" ? "init" : "check"));
    }
    fmt::print("{}: good until {}\n", name, to_rfc3339(made.value().not_after));
  }
  return succeeded;
}

int Pki::show(bool as_json) const {
  const CredentialFolder folder{folder_};
  const Result<std::vector<std::string>> names = folder.names();
  if (!names.ok()) return refuse("authority", names.error(), command("init"));
  const std::vector<Row> rows = rows_of(folder, names.value(), clock_.utc());
  fmt::print("{}", as_json ? to_json(rows) : to_table(rows));
  return succeeded;
}

bool Pki::is_folder_good() const {
  std::error_code failure;
  const fs::perms open = fs::perms::group_all | fs::perms::others_all;
  const fs::file_status status = fs::status(folder_, failure);
  if (!fs::is_directory(status) || (status.permissions() & open) == fs::perms::none) return true;
  refuse(folder_, {Errc::rejected, "banyanctl.folder_not_private", "is open to others than its owner"},
         "chmod 700 " + folder_);
  return false;
}

bool Pki::is_authority_good() const {
  const Result<Certificate> authority = CredentialFolder{folder_}.check_authority(clock_.utc());
  if (authority.ok()) {
    if (authority.value().is_due(clock_.utc())) {
      fmt::print("authority: ends at {}\n  next: {}\n", to_rfc3339(authority.value().not_after),
                 next_authority());
    }
    return true;
  }
  const std::string& reason = authority.error().reason();
  if (reason == "security.no_file") {
    refuse("authority", authority.error(), command("init"));
  } else if (reason == "security.file_not_private") {
    refuse("authority", authority.error(), fmt::format("chmod 600 {}/ca.key", folder_));
  } else {
    refuse("authority", authority.error(),
           fmt::format("mv {0} {0}.old && {1} && {2}", folder_, command("init"), command("issue")));
  }
  return false;
}

bool Pki::is_certificate_good(const std::string& name) const {
  const Result<Certificate> checked = CredentialFolder{folder_}.check(name, clock_.utc());
  if (!checked.ok()) return refuse(name, checked.error(), next_for(name, checked.error())) == succeeded;
  if (!is_identity(edges_, name)) {
    const Error unknown{Errc::not_found, "banyanctl.unknown_name", "no contract knows it"};
    return refuse(name, unknown, next_for(name, unknown)) == succeeded;
  }
  if (checked.value().is_due(clock_.utc())) {
    fmt::print("{}: ends at {}\n  next: {}\n", name, to_rfc3339(checked.value().not_after),
               command("rotate " + name));
  }
  return true;
}

int Pki::check() const {
  if (!is_folder_good() || !is_authority_good()) return failed;
  const std::vector<std::string> wanted = identities_of(edges_);
  std::set<std::string> names{wanted.begin(), wanted.end()};
  if (const auto issued = CredentialFolder{folder_}.names(); issued.ok()) {
    names.insert(issued.value().begin(), issued.value().end());
  }
  const auto bad =
      std::count_if(names.begin(), names.end(), [&](const auto& name) { return !is_certificate_good(name); });
  if (bad == 0) fmt::print("{} certificates are good\n", names.size());
  return bad == 0 ? succeeded : failed;
}

}  // namespace banyan::ctl
