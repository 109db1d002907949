#include "accounts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "identities.hpp"

namespace banyan::ctl {
namespace {

using message::Edge;

constexpr std::string_view discovery = "$SRV.>";  // How the stock tools find services.
constexpr std::string_view ops_inbox = "_INBOX_ops.>";
constexpr std::string_view core_account = "CORE";
constexpr std::string_view ops_account = "OPS";

std::string account_name(std::string_view identity) {
  std::string name{identity};
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return name;
}

/// The accounts while they are being made.
class Accounts {
 public:
  explicit Accounts(std::span<const Edge> edges) : edges_(edges), modules_(modules_of(edges)) {
    core().has_jetstream = true;
    core().is_unlimited = true;
    add(sys, "SYS").is_unlimited = true;
    allow_inbox(of(gateway), gateway);
    for (const std::string& module : modules_) add_module(module);
    for (const Edge& edge : edges_) {
      for (const std::string_view type : edge.calls) add_call(edge, type);
      if (!edge.messages.empty()) add_link(edge);
    }
    add_ops();
    for (auto& [name, account] : by_name_) close_jetstream(account);
  }

  std::vector<Account> all() const {
    std::vector<Account> out;
    for (const auto& [name, account] : by_name_) out.push_back(account);
    return out;
  }

 private:
  Account& add(std::string_view user, std::string_view name) {
    Account& account = by_name_[std::string{name}];
    account.name = name;
    account.user = user;
    return account;
  }
  Account& of(std::string_view identity) { return add(identity, account_name(identity)); }
  Account& core() { return add(admin, core_account); }

  static void allow_inbox(Account& account, std::string_view identity) {
    account.subscribe.push_back(fmt::format("_INBOX_{}.>", identity));
  }

  /// `user` may send `subject`, which `owner` answers.
  static void serve(Account& owner, Account& user, const std::string& subject,
                    Export::Kind kind = Export::Kind::service) {
    const auto known = std::find_if(owner.exports.begin(), owner.exports.end(),
                                    [&](const Export& one) { return one.subject == subject; });
    if (known == owner.exports.end()) {
      owner.exports.push_back({kind, subject, {user.name}});
    } else {
      known->accounts.push_back(user.name);
    }
    user.imports.push_back({false, owner.name, subject});
    user.publish.push_back(subject);
  }

  void add_module(const std::string& module) {
    Account& account = of(module);
    allow_inbox(account, module);
    account.subscribe.push_back(fmt::format("rpc.{}.>", module));
    account.subscribe.push_back(fmt::format("pos.{}.*", module));
    account.publish.push_back("_R_.>");  // Where the server expects the answers to imported requests.
  }

  void add_call(const Edge& edge, std::string_view type) {
    serve(of(edge.to), of(edge.from), fmt::format("rpc.{}", type));
  }

  void add_link(const Edge& edge) {
    Account& producer = of(edge.from);
    Account& subscriber = of(edge.to);
    add_stream(producer, edge.from);
    producer.publish.push_back(fmt::format("evt.{}.{}", edge.from, edge.to));
    const std::string consumer = fmt::format("EVT_{}.{}", edge.from, edge.to);
    serve(core(), subscriber, "$JS.API.CONSUMER.MSG.NEXT." + consumer,
          Export::Kind::service_with_many_answers);
    serve(core(), subscriber, "$JS.API.CONSUMER.INFO." + consumer);
    serve(core(), subscriber, fmt::format("$JS.ACK.{}.>", consumer));
    serve(producer, subscriber, fmt::format("pos.{}.{}", edge.from, edge.to));
  }

  /// Once for each producer. It may send to each of its subscribers, but to no other part of its stream.
  void add_stream(Account& producer, std::string_view module) {
    const std::string subject = fmt::format("evt.{}.>", module);
    const auto is_it = [&](const Import& import) { return import.subject == subject; };
    if (std::any_of(producer.imports.begin(), producer.imports.end(), is_it)) return;
    core().exports.push_back({Export::Kind::service, subject, {producer.name}});
    producer.imports.push_back({false, core().name, subject});
    serve(core(), producer, fmt::format("$JS.API.STREAM.INFO.EVT_{}", module));
  }

  /// It hears nothing but answers: those of modules to what it asks all of them, and of JetStream about
  /// states.
  void add_ops() {
    Account& account = add(ops, ops_account);
    account.subscribe.emplace_back(ops_inbox);
    account.publish.emplace_back(discovery);
    std::vector<std::string> names;
    for (const std::string& module : modules_) {
      names.push_back(account_name(module));
      Account& asked = of(module);
      asked.subscribe.emplace_back(discovery);
      asked.publish.emplace_back(ops_inbox);
      asked.imports.push_back({true, account.name, std::string{discovery}});
      asked.imports.push_back({false, account.name, std::string{ops_inbox}});
    }
    account.exports.push_back({Export::Kind::stream, std::string{discovery}, names});
    account.exports.push_back({Export::Kind::service, std::string{ops_inbox}, names});
    for (const auto* question : {"STREAM.NAMES", "STREAM.LIST", "STREAM.INFO.*", "CONSUMER.NAMES.*",
                                 "CONSUMER.LIST.*", "CONSUMER.INFO.*.*"}) {
      serve(core(), account, fmt::format("$JS.API.{}", question));
    }
  }

  /// The server gives an account the whole of $JS.API, answered by its own, absent JetStream, unless it
  /// imports the question about the account from elsewhere. With both, every question would have two answers.
  void close_jetstream(Account& account) {
    if (account.is_unlimited) return;
    serve(core(), account, "$JS.API.INFO");
    if (account.name != ops_account) account.publish.pop_back();
  }

  std::span<const Edge> edges_;
  std::vector<std::string> modules_;
  std::map<std::string, Account> by_name_;
};

}  // namespace

std::vector<Account> accounts_of(std::span<const Edge> edges) { return Accounts{edges}.all(); }

}  // namespace banyan::ctl
