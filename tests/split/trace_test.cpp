#define BOOST_TEST_MODULE split_trace
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <map>
#include <set>
#include <stdexcept>
#include <thread>

#include "acceptance/shop_process.hpp"
#include "banyan/json/parse.hpp"
#include "banyan/store/reader.hpp"

using acceptance::ShopProcess;
using namespace std::chrono_literals;
using shop::rest::Shop;
using std::string;

namespace {

const string trace_id = "0af7651916cd43dd8448eb211c80319c";
const std::set<string> all_modules{"users", "inventory", "orders", "payments", "shipping", "notifications"};
const string client_span = "b7ad6b7169203331";
const string tracestate = "rojo=00f067aa0ba902b7,congo=t 61";
const string baggage = "tier=gold%20card;secret,region=eu";

/// One thing that one process did, as it has written down.
struct Span {
  string trace;
  string parent;
  string service;
  string what;
};
using Spans = std::map<string, Span>;

/// A message in a module's log.
struct Sent {
  string module;
  string type;
  string tracestate;
  string baggage;
};

/// The logs of all processes of the shop.
struct Journal {
  Spans spans;                         ///< By id.
  std::map<string, string> mentioned;  ///< Span → its trace: of every line that belongs to one.
  std::multiset<string> ids;           ///< Of the lines that end a span.
  std::vector<Sent> sent = {};         ///< In the client's trace.
};

string text_of(const banyan::json::Value& line, std::string_view member) {
  const auto* found = line.find(member);
  const string* text = found == nullptr ? nullptr : found->if_a<string>();
  return text == nullptr ? string{} : *text;
}

void note(Journal& journal, const banyan::json::Value& line) {
  const string span = text_of(line, "span_id");
  if (span.empty()) return;
  journal.mentioned[span] = text_of(line, "trace_id");
  if (line.find("parent_span_id") == nullptr) return;
  const string what = text_of(line, "message") == "request" ? text_of(line, "path") : text_of(line, "type");
  journal.spans[span] = {text_of(line, "trace_id"), text_of(line, "parent_span_id"), text_of(line, "service"),
                         what};
  journal.ids.insert(span);
}

Journal read_journal(const string& path) {
  Journal journal;
  std::ifstream file{path};
  for (string text; std::getline(file, text);) {
    const auto line = banyan::json::parse(text);
    BOOST_REQUIRE_MESSAGE(line.ok(), "not a line of JSON: " << text);
    note(journal, line.value());
  }
  return journal;
}

Spans of_trace(const Spans& all, const string& trace) {
  Spans some;
  for (const auto& [id, span] : all) {
    if (span.trace == trace) some.emplace(id, span);
  }
  return some;
}

/// One span and its cause: "banyan-orders orders.place_order.v1".
std::set<std::pair<string, string>> steps_of(const Spans& spans) {
  const auto name = [](const Span& span) { return span.service + ' ' + span.what; };
  std::set<std::pair<string, string>> steps;
  for (const auto& [id, span] : spans) {
    const auto parent = spans.find(span.parent);
    steps.emplace(parent == spans.end() ? "client" : name(parent->second), name(span));
  }
  return steps;
}

/// The spans that lead back to `root`.
std::size_t reached_from(const string& root, const Spans& spans) {
  std::size_t reached = 0;
  for (const auto& [id, span] : spans) {
    string at = id;
    for (std::size_t hops = 0; hops <= spans.size() && spans.contains(at); ++hops) at = spans.at(at).parent;
    if (at == root) ++reached;
  }
  return reached;
}

template <class T>
T value_of(banyan::Result<T> result) {
  if (result.ok()) return std::move(result).value();
  throw std::runtime_error(result.error().reason() + ": " + result.error().detail());
}

bool is_at_rest(ShopProcess& process) {
  for (const auto& administration : process.administrations()) {
    const auto modules = Shop{administration, {}}.health();
    if (!modules.ok()) return false;
    for (const auto& module : modules.value()) {
      if (module.outbox_depth != 0) return false;
    }
  }
  return true;
}

// One look at one module after the other could miss a message that runs ahead of it; several looks don't.
void come_to_rest(ShopProcess& process) {
  const auto end = std::chrono::steady_clock::now() + 60s;
  for (int looks = 0; looks < 3; looks = is_at_rest(process) ? looks + 1 : 0) {
    BOOST_REQUIRE_MESSAGE(std::chrono::steady_clock::now() < end, "messages are under way for ever");
    std::this_thread::sleep_for(20ms);
  }
}

/// A customer registers and buys something: all of it one trace of the client's. Returns the order's status.
string check_out(ShopProcess& process) {
  Shop office{process.endpoint(), {}};
  Shop customer{process.endpoint(),
                {.headers = {{"traceparent", "00-" + trace_id + "-" + client_span + "-01"},
                             {"tracestate", tracestate},
                             {"baggage", baggage}}}};
  const string product = value_of(office.add_product(
      {.sku = "tea-1", .name = "Tea", .category = "drinks", .unit_price = {450, "EUR"}, .initial_stock = 5},
      {"tea"}));
  const string buyer =
      value_of(customer.register_customer({.name = "Ada", .email = "ada@example.org"}, {"ada"}));
  come_to_rest(process);
  shop::rest::NewOrder order{
      .customer_id = buyer,
      .lines = {{.product_id = product, .quantity = 2}},
      .ship_to = {.name = "Ada", .street = "Main Street 1", .city = "London", .country = "GB"},
      .payment_method = "tok_visa"};
  const string id = value_of(customer.place_order(order, {"order"}));
  const string status = value_of(office.settled_order(id, 60s)).status;
  come_to_rest(process);
  return status;
}

// No process may use the store.
void note_sent(Journal& journal, const string& module, const string& directory) {
  const banyan::SystemClock clock;
  auto reader = banyan::store::Reader::open({.directory = directory, .read_age_max = 1min}, clock);
  BOOST_REQUIRE_MESSAGE(reader.ok() && reader.value()->begin().ok(), directory + " can't be read");
  auto rows = reader.value()->transaction().query(
      "SELECT type, json_extract(headers, '$.state'), json_extract(headers, '$.bag') FROM banyan_outbox "
      "WHERE json_extract(headers, '$.trace') LIKE ?",
      "00-" + trace_id + "-%");
  while (rows.next()) {
    journal.sent.push_back({module, rows.get<string>(0), rows.get<std::optional<string>>(1).value_or(""),
                            rows.get<std::optional<string>>(2).value_or("")});
  }
}

using Step = std::pair<string, string>;

// Because of which message of its own process, or of another one, each process did what it did.
const std::set<Step> checkout_steps{
    {"client", "banyan-gateway /v1/customers"},
    {"client", "banyan-gateway /v1/orders"},
    {"banyan-gateway /v1/customers", "banyan-users users.register_customer.v1"},
    {"banyan-gateway /v1/orders", "banyan-orders orders.place_order.v1"},
    {"banyan-users users.register_customer.v1", "banyan-orders users.customer_registered.v1"},
    {"banyan-users users.register_customer.v1", "banyan-notifications users.customer_registered.v1"},
    {"banyan-orders orders.place_order.v1", "banyan-inventory inventory.reserve_stock.v1"},
    {"banyan-inventory inventory.reserve_stock.v1", "banyan-orders inventory.stock_reserved.v1"},
    {"banyan-orders inventory.stock_reserved.v1", "banyan-payments payments.authorise_payment.v1"},
    {"banyan-payments payments.authorise_payment.v1", "banyan-orders payments.payment_authorised.v1"},
    {"banyan-orders payments.payment_authorised.v1", "banyan-shipping shipping.create_shipment.v1"},
    {"banyan-shipping shipping.create_shipment.v1", "banyan-orders shipping.shipment_created.v1"},
    {"banyan-orders shipping.shipment_created.v1", "banyan-payments payments.capture_payment.v1"},
    {"banyan-payments payments.capture_payment.v1", "banyan-orders payments.capture_receipt.v1"},
    {"banyan-payments payments.capture_payment.v1", "banyan-notifications payments.invoice_issued.v1"},
    {"banyan-orders payments.capture_receipt.v1", "banyan-inventory orders.order_confirmed.v1"},
    {"banyan-orders payments.capture_receipt.v1", "banyan-shipping orders.order_confirmed.v1"},
    {"banyan-orders payments.capture_receipt.v1", "banyan-notifications orders.order_confirmed.v1"},
    {"banyan-notifications orders.order_confirmed.v1",
     "banyan-notifications notifications.send_notification.v1"},
    {"banyan-notifications payments.invoice_issued.v1",
     "banyan-notifications notifications.send_notification.v1"}};

/// A checkout in a shop whose modules all run in processes of their own, once for all cases.
const Journal& journal() {
  static const Journal journal = [] {
    ShopProcess process{{{"BANYAN_LOG_LEVEL", "debug"}},
                        "users,inventory,orders,payments,shipping,notifications"};
    process.start();
    BOOST_TEST(check_out(process) == "confirmed");
    BOOST_TEST(process.stop() == 0);
    Journal written = read_journal(process.data_directory() + "/banyan.log");
    for (const string& module : all_modules) {
      note_sent(written, module, process.data_directory() + "/" + module);
    }
    return written;
  }();
  return journal;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(one_checkout)

BOOST_AUTO_TEST_CASE(is_one_tree_that_begins_with_the_client) {
  const Spans checkout = of_trace(journal().spans, trace_id);
  BOOST_TEST(reached_from(client_span, checkout) == checkout.size());
  std::printf("%zu spans of one checkout\n", checkout.size());
}

BOOST_AUTO_TEST_CASE(hands_on_what_the_client_gave_along_in_every_message) {
  std::set<string> modules;
  for (const Sent& message : journal().sent) {
    modules.insert(message.module);
    BOOST_TEST(message.tracestate == tracestate, message.module << ' ' << message.type);
    BOOST_TEST(message.baggage == baggage, message.module << ' ' << message.type);
  }
  BOOST_TEST(modules == all_modules, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(goes_through_all_seven_processes_step_by_step) {
  const std::set<Step> steps = steps_of(of_trace(journal().spans, trace_id));
  for (const auto& [cause, effect] : checkout_steps) {
    BOOST_TEST(steps.contains({cause, effect}), "missing: " << cause << " → " << effect);
  }
  for (const auto& [cause, effect] : steps) {
    BOOST_TEST(checkout_steps.contains({cause, effect}), "unexpected: " << cause << " → " << effect);
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(of_every_trace)

BOOST_AUTO_TEST_CASE(each_span_is_written_once_and_its_parent_is_there) {
  BOOST_TEST(journal().ids.size() == journal().spans.size());
  for (const auto& [id, span] : journal().spans) {
    if (span.parent.empty() || span.parent == client_span) continue;
    const auto parent = journal().spans.find(span.parent);
    BOOST_TEST_REQUIRE((parent != journal().spans.end()), "no parent: " << span.service << ' ' << span.what);
    BOOST_TEST(parent->second.trace == span.trace);
  }
}

BOOST_AUTO_TEST_CASE(each_line_belongs_to_a_span_that_is_there) {
  for (const auto& [id, trace] : journal().mentioned) {
    const auto span = journal().spans.find(id);
    BOOST_TEST_REQUIRE((span != journal().spans.end()), "no span " << id << " of trace " << trace);
    BOOST_TEST(span->second.trace == trace);
  }
}

BOOST_AUTO_TEST_SUITE_END()
