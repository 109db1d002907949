// Certificates and signing keys of everybody are replaced while customers buy, and nobody notices.
#define BOOST_TEST_MODULE security_rotation
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <future>
#include <regex>
#include <set>
#include <sstream>
#include <thread>

#include "acceptance/check.hpp"
#include "banyan/http/client.hpp"
#include "banyan/json/parse.hpp"
#include "banyan/security/credential_folder.hpp"
#include "banyan/security/key_folder.hpp"
#include "banyan/testing/child_process.hpp"
#include "raw_nats.hpp"

using namespace acceptance;
using namespace std::chrono_literals;
using banyan::security::CredentialFolder;
using banyan::security::KeyFolder;
using std::string;

namespace {

const Split all_apart = "users,inventory,orders,payments,shipping,notifications";
constexpr int rotations = 3;

namespace json = banyan::json;

const json::Array& items_of(const json::Value& object, std::string_view name) {
  return *object.find(name)->if_a<json::Array>();
}

string text_of(const json::Value& object, std::string_view name) {
  return *object.find(name)->if_a<string>();
}

string read(const string& path) {
  std::ostringstream text;
  text << std::ifstream{path}.rdbuf();
  return text.str();
}

/// The stream's orders again and again, each time as others.
Stream many_times(Stream stream) {
  const auto orders = stream.orders;
  for (int i = 1; i < 40; ++i) {
    for (Stream::Order order : orders) {
      order.id += i * 1'000'000;
      stream.orders.push_back(std::move(order));
    }
  }
  return stream;
}

/// Of the certificates of all who connect, by DNS name; more than one while they change.
using Fingerprints = std::map<string, std::set<string>>;

/// The credentials of a split shop: what was issued, and what is in use.
class Credentials {
 public:
  explicit Credentials(const ShopProcess& process)
      : data_(process.data_directory()), pki_(data_ + "/pki"), keys_(data_ + "/keys") {}

  void banyanctl(std::vector<string> arguments) const {
    arguments.insert(arguments.begin(), BANYANCTL_PROGRAM);
    banyan::testing::ChildProcess program{std::move(arguments)};
    BOOST_REQUIRE_MESSAGE(program.wait() == 0, program.output() << program.errors());
  }
  void rotate_certificates() const { banyanctl({"pki", "rotate", "--dir", pki_.path()}); }
  /// Those before are believed for twenty minutes.
  void rotate_keys() const { banyanctl({"keys", "rotate", "--dir", keys_folder()}); }
  /// Those before are believed for that long: whoever still signs with one then is refused.
  void rotate_keys(banyan::Duration overlap) const {
    const auto now = banyan::SystemClock{}.utc();
    const auto keys = keys_.keys();
    for (const auto& key : keys.value()) {
      if (key.signs) BOOST_REQUIRE(keys_.rotate(key.account, now, overlap).ok());
    }
  }

  Fingerprints issued() const {
    Fingerprints all;
    for (const char* name :
         {"users", "inventory", "orders", "payments", "shipping", "notifications", "gateway", "admin"}) {
      all[banyan::security::dns_name(name)] = {fingerprint_of(read(pki_.file_of(name)))};
    }
    return all;
  }
  /// With which the connections to the broker have been opened, as it says itself.
  Fingerprints in_use() const {
    RawNats client = connect();
    client.subscribe("_INBOX_sys.connections");
    client.publish("$SYS.REQ.SERVER.PING.CONNZ", R"({"auth":true})", "_INBOX_sys.connections");
    const auto answer = json::parse(client.next_message().body).value();
    Fingerprints all;
    for (const auto& connection : items_of(*answer.find("data"), "connections")) {
      const bool is_open = connection.find("authorized_user") && connection.find("tls_peer_certs");
      if (!is_open) continue;
      const auto& certificate = items_of(connection, "tls_peer_certs").front();
      all[text_of(connection, "authorized_user")].insert(text_of(certificate, "cert_sha256"));
    }
    all.erase(banyan::security::dns_name("sys"));  // this one
    return all;
  }
  string serial_issued_to_server() const { return pki_.describe("nats").value().serial; }
  string serial_shown_by_server() const { return connect().server_serial(); }

 private:
  string keys_folder() const { return data_ + "/keys"; }
  RawNats connect() const {
    return RawNats{port(), {pki_.authority_file(), pki_.file_of("sys"), pki_.file_of("sys")}};
  }
  std::uint16_t port() const {
    std::smatch found;
    const string text = read(data_ + "/nats.conf");
    BOOST_REQUIRE(std::regex_search(text, found, std::regex{"listen: \"127.0.0.1:(\\d+)\""}));
    return static_cast<std::uint16_t>(std::stoi(found[1]));
  }

  const string data_;
  const CredentialFolder pki_;
  const KeyFolder keys_;
};

// The server may end a connection that is made while it reads its configuration anew.
bool holds(const std::function<bool()>& condition) {
  try {
    return condition();
  } catch (const RawNats::Ended&) {
    return false;
  }
}

bool eventually(const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + 30s;
  while (!holds(condition)) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(20ms);
  }
  return true;
}

/// How often the gateway has answered customers so, by status.
std::map<int, std::int64_t> answers_of(const ShopProcess& process) {
  banyan::http::Client client{{.port = process.endpoint().port}};
  std::istringstream page{client.send({.method = "GET", .path = "/metrics"}).value().body};
  const std::regex count{
      "http_server_request_duration_seconds_count\\{.*"
      "http_response_status_code=\"(\\d+)\".*\\} (\\d+)"};
  std::map<int, std::int64_t> answers;
  std::smatch found;
  for (string line; std::getline(page, line);) {
    const bool is_of_customers = line.find("http_route=\"/v1/") != string::npos;
    if (!is_of_customers || !std::regex_match(line, found, count)) continue;
    answers[std::stoi(found[1])] += std::stoll(found[2]);
  }
  return answers;
}

/// Customers that buy over eight connections and send nothing twice: the first failure ends it.
class Load {
 public:
  explicit Load(Replay& replay)
      : work_(std::async(std::launch::async, [this, &replay] { replay.place_orders(8, is_over_); })) {}
  ~Load() { is_over_ = true; }

  bool is_busy() const { return work_.wait_for(0ms) == std::future_status::timeout; }
  /// Throws what has failed.
  void end() {
    is_over_ = true;
    work_.get();
  }

 private:
  std::atomic<bool> is_over_ = false;
  std::future<void> work_;
};

/// A shop whose credentials are replaced while it is busy.
class Trial {
 public:
  explicit Trial(const Stream& stream) : orders_(many_times(stream)), supply_(demand_of(orders_)) {
    process_.start();
    replay_.emplace(orders_, places_of(process_), acceptance::Replay::Options{.attempts_max = 1});
    replay_->load();
    replay_->restock(supply_);
    BOOST_TEST(eventually([&] { return credentials_.in_use() == credentials_.issued(); }));
    load_.emplace(*replay_);
  }

  void replace_certificates() {
    const Fingerprints old = credentials_.issued();
    credentials_.rotate_certificates();
    process_.reload();
    Fingerprints now;
    BOOST_TEST(eventually([&] { return (now = credentials_.in_use()) == credentials_.issued(); }));
    for (const auto& [name, fingerprints] : now) {
      BOOST_TEST((fingerprints != old.at(name)), name);
    }
    BOOST_TEST(eventually(
        [&] { return credentials_.serial_shown_by_server() == credentials_.serial_issued_to_server(); }));
  }
  void replace_keys() { credentials_.rotate_keys(); }
  /// Goes on until whoever still signed with the keys before would be refused.
  void replace_keys_for_good() {
    constexpr auto overlap = 8s;
    credentials_.rotate_keys(overlap);
    const auto end = std::chrono::steady_clock::now() + overlap + 2s;
    eventually([&] { return std::chrono::steady_clock::now() > end || !load_->is_busy(); });
  }
  /// Everybody has something to do meanwhile.
  void go_on_for(int orders) {
    const int before = replay_->settled();
    eventually([&] { return replay_->settled() >= before + orders || !load_->is_busy(); });
    BOOST_TEST_REQUIRE(load_->is_busy());
  }

  /// No request has failed, and nothing was lost. The shop is stopped.
  void audit() {
    load_->end();
    std::int64_t requests = 0;
    for (const auto& [status, count] : answers_of(process_)) {
      requests += count;
      BOOST_TEST((200 <= status && status < 300), count << " answers of status " << status);
    }
    std::printf("%" PRId64 " requests, %d orders\n", requests, replay_->settled());
    orders_.orders.resize(static_cast<std::size_t>(replay_->settled()));
    replay_->come_to_rest();
    check_books(orders_, count(orders_, supply_), *replay_, process_);
    check_stores(process_);
  }

 private:
  Stream orders_;
  const Units supply_;
  ShopProcess process_{{}, all_apart};
  const Credentials credentials_{process_};
  std::optional<Replay> replay_;
  std::optional<Load> load_;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(all_credentials, Northwind)

BOOST_AUTO_TEST_CASE(are_replaced_under_load_and_no_request_fails) {
  if (is_missing()) return;
  Trial trial{stream()};
  for (int i = 0; i < rotations; ++i) {
    trial.replace_certificates();
    trial.go_on_for(100);
    trial.replace_keys();
    trial.go_on_for(100);
  }
  trial.replace_keys_for_good();
  trial.go_on_for(100);
  trial.audit();
}

BOOST_AUTO_TEST_SUITE_END()
