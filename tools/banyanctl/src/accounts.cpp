#include "accounts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "identities.hpp"

namespace banyan::ctl {
namespace {

using message::Edge;

constexpr std::string_view discovery = "$SRV.>";  // How the stock tools find services.
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
      if (!edge.calls.empty()) add_calls(edge);
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

  /// Adds `user` to those who may import `subject` from `owner`. False if it is one of them already.
  static bool share(Account& owner, Account& user, const std::string& subject, Export::Kind kind) {
    const auto known = std::find_if(owner.exports.begin(), owner.exports.end(),
                                    [&](const Export& one) { return one.subject == subject; });
    std::vector<std::string>& users = known == owner.exports.end()
                                          ? owner.exports.emplace_back(Export{kind, subject, {}}).accounts
                                          : known->accounts;
    if (std::find(users.begin(), users.end(), user.name) != users.end()) return false;
    users.push_back(user.name);
    user.imports.push_back({kind == Export::Kind::stream, owner.name, subject});
    return true;
  }

  /// `user` may send `subject`, which `owner` answers.
  static void serve(Account& owner, Account& user, const std::string& subject,
                    Export::Kind kind = Export::Kind::service) {
    if (share(owner, user, subject, kind)) user.publish.push_back(subject);
  }

  /// `speaker` may send `subject`, which `listener` hears. The server knows at once if nobody listens; it
  /// would not with a service.
  static void hear(Account& speaker, Account& listener, const std::string& subject) {
    if (share(speaker, listener, subject, Export::Kind::stream)) speaker.publish.push_back(subject);
  }

  /// `callee` may send answers to `caller`.
  static void answer(Account& callee, Account& caller, std::string_view caller_identity) {
    hear(callee, caller, fmt::format("_INBOX_{}.>", caller_identity));
  }

  void add_module(const std::string& module) {
    Account& account = of(module);
    allow_inbox(account, module);
    account.subscribe.push_back(fmt::format("rpc.{}.>", module));
    account.subscribe.push_back(fmt::format("pos.{}.*", module));
    // Its processes among themselves: who has the store.
    account.publish.push_back(fmt::format("own.{}.*", module));
    account.subscribe.push_back(fmt::format("own.{}.*", module));
  }

  void add_calls(const Edge& edge) {
    for (const std::string_view type : edge.calls) {
      hear(of(edge.from), of(edge.to), fmt::format("rpc.{}", type));
    }
    answer(of(edge.to), of(edge.from), edge.from);
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
    hear(subscriber, producer, fmt::format("pos.{}.{}", edge.from, edge.to));
    answer(producer, subscriber, edge.to);
  }

  /// A producer may send to each of its subscribers, but to no other part of its stream.
  void add_stream(Account& producer, std::string_view module) {
    share(core(), producer, fmt::format("evt.{}.>", module), Export::Kind::service);
    serve(core(), producer, fmt::format("$JS.API.STREAM.INFO.EVT_{}", module));
  }

  /// It hears nothing but answers: those of modules to what it asks all of them, and of JetStream about
  /// states.
  void add_ops() {
    Account& account = add(ops, ops_account);
    allow_inbox(account, ops);
    for (const std::string& module : modules_) {
      Account& asked = of(module);
      asked.subscribe.emplace_back(discovery);
      share(account, asked, std::string{discovery}, Export::Kind::stream);
      answer(asked, account, ops);
    }
    account.publish.emplace_back(discovery);
    for (const auto* question : {"STREAM.NAMES", "STREAM.LIST", "STREAM.INFO.*", "CONSUMER.NAMES.*",
                                 "CONSUMER.LIST.*", "CONSUMER.INFO.*.*"}) {
      serve(core(), account, fmt::format("$JS.API.{}", question));
    }
  }

  /// The server gives an account the whole of $JS.API, answered by its own, absent JetStream, unless it
  /// imports the question about the account from elsewhere. With both, every question would have two answers.
  void close_jetstream(Account& account) {
    if (account.is_unlimited) return;
    share(core(), account, "$JS.API.INFO", Export::Kind::service);
    if (account.user == ops) account.publish.emplace_back("$JS.API.INFO");
  }

  std::span<const Edge> edges_;
  std::vector<std::string> modules_;
  std::map<std::string, Account> by_name_;
};

}  // namespace

std::vector<Account> accounts_of(std::span<const Edge> edges) { return Accounts{edges}.all(); }

}  // namespace banyan::ctl
