#define BOOST_TEST_MODULE host_pages
#include "pages.hpp"

#include <boost/test/unit_test.hpp>
#include <sstream>

#include "admin.hpp"
#include "banyan/json/writer.hpp"
#include "banyan/message/undecoded.hpp"
#include "operators_only.hpp"
#include "scrape.hpp"

using namespace banyan;
using namespace banyan::host;

namespace {

/// The elements of "items", each as text.
std::vector<std::string> items(const http::Response& response) {
  std::vector<std::string> all;
  const auto document = json::parse(response.body);
  for (const json::Value& item : *document.value().find("items")->if_a<json::Array>()) {
    all.push_back(json::to_string(item));
  }
  return all;
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

BOOST_FIXTURE_TEST_SUITE(health, Site)

BOOST_AUTO_TEST_CASE(is_live_whatever_the_modules_do) {
  const std::atomic<bool> is_ready = false;
  BOOST_TEST(
      ask(find(health_pages({.instances = instances(), .is_ready = is_ready}), "/health/live")).status ==
      200);
}

BOOST_AUTO_TEST_CASE(is_ready_while_the_process_takes_work) {
  std::atomic<bool> is_ready = false;
  const auto pages = health_pages({.instances = instances(), .is_ready = is_ready});
  const auto& ready = find(pages, "/health/ready");
  BOOST_TEST(ask(ready).status == 503);
  is_ready = true;
  BOOST_TEST(ask(ready).status == 200);
  BOOST_TEST(ask(ready).body == "ok\n");
}

BOOST_AUTO_TEST_CASE(tells_how_each_module_does) {
  const std::atomic<bool> is_ready = true;
  is_broken = true;
  add("a");
  const auto response = ask(find(health_pages({.instances = instances(), .is_ready = is_ready}), "/health"));
  BOOST_TEST(response.status == 200);
  BOOST_TEST(response.body == R"({"modules":[{"module":"counter","status":"ok","owner_epoch":1,)"
                              R"("waiting_commands":0,"waiting_queries":0,)"
                              R"("outbox_depth":0,"parked":0,"dead_letters":0},)"
                              R"({"module":"mirror","status":"ok","owner_epoch":1,)"
                              R"("waiting_commands":0,"waiting_queries":0,)"
                              R"("outbox_depth":0,"parked":1,"dead_letters":1}],"status":"ok"})");
}

BOOST_AUTO_TEST_CASE(shows_the_links_to_modules_of_other_processes) {
  const std::atomic<bool> is_ready = true;
  NeighbourHealth neighbour{"counter", {.broker = nats::State::connected}};
  neighbour.health.links = {{.producer = "counter", .subscriber = "mirror", .passed = 3, .confirmed = 2}};
  const auto pages = health_pages({.instances = instances(),
                                   .neighbours = [&] { return std::vector<NeighbourHealth>{neighbour}; },
                                   .is_ready = is_ready});
  const auto& page = find(pages, "/health");
  BOOST_TEST(ask(page).status == 503);
  BOOST_TEST(
      has(ask(page).body,
          R"("neighbours":[{"identity":"counter","broker":"connected","links":[{"producer":"counter",)"
          R"("subscriber":"mirror","status":"waiting","passed":3,"confirmed":2}]}],"status":"degraded")"));
  neighbour.health.links[0].is_flowing = true;
  BOOST_TEST(ask(page).status == 200);
  neighbour.health.broker = nats::State::disconnected;
  neighbour.health.trouble = Error{Errc::unavailable, "nats.unreachable", "connection refused"};
  BOOST_TEST(ask(page).status == 503);
  BOOST_TEST(has(ask(page).body, R"("trouble":"nats.unreachable: connection refused")"));
}

BOOST_AUTO_TEST_CASE(is_degraded_but_ready_while_calls_to_a_module_are_refused) {
  const std::atomic<bool> is_ready = true;
  NeighbourHealth neighbour{"gateway", {.broker = nats::State::connected}};
  neighbour.dependencies = {
      {.dependency = "payments", .calls = 20, .failures = 12, .running = 1, .waiting = 2}};
  const auto pages = health_pages({.instances = instances(),
                                   .neighbours = [&] { return std::vector<NeighbourHealth>{neighbour}; },
                                   .is_ready = is_ready});
  const auto& page = find(pages, "/health");
  const auto& ready = find(pages, "/health/ready");
  BOOST_TEST(ask(page).status == 200);
  neighbour.dependencies[0].breaker = resilience::BreakerState::open;
  BOOST_TEST(ask(page).status == 503);
  BOOST_TEST(has(ask(page).body, R"("dependencies":[{"module":"payments","breaker":"open","calls":20,)"
                                 R"("failures":12,"running":1,"waiting":2}]}],"status":"degraded")"));
  BOOST_TEST(ask(ready).status == 200);
  BOOST_TEST(ask(ready).body == "ok\ndegraded: calls to payments are refused\n");
  neighbour.dependencies[0].breaker = resilience::BreakerState::half_open;
  BOOST_TEST(ask(page).status == 200);
}

BOOST_AUTO_TEST_CASE(takes_work_without_a_broker_only_where_it_has_modules_for_its_clients) {
  const std::atomic<bool> is_ready = true;
  const auto status_of = [&](const Instances& local, const char* identity, nats::State broker) {
    const auto neighbours = [=] { return std::vector<NeighbourHealth>{{identity, {.broker = broker}}}; };
    return ask(find(health_pages({.instances = local, .neighbours = neighbours, .is_ready = is_ready}),
                    "/health/ready"))
        .status;
  };
  BOOST_TEST(status_of({}, "gateway", nats::State::connected) == 200);
  BOOST_TEST(status_of({}, "gateway", nats::State::connecting) == 503);
  BOOST_TEST(status_of(instances(), "counter", nats::State::disconnected) == 503);
  BOOST_TEST(status_of(instances(), "counter", nats::State::connected) == 200);
  BOOST_TEST(status_of(instances(), "gateway", nats::State::disconnected) == 200);
}

BOOST_AUTO_TEST_CASE(is_degraded_while_a_link_is_stopped) {
  const std::atomic<bool> is_ready = true;
  const auto pages = health_pages({.instances = instances(), .is_ready = is_ready});
  world.instance("counter").publisher().resume("mirror", {.epoch = Uuid{{std::byte{7}}}, .seq = 3});
  world.settle();
  const auto& page = find(pages, "/health");
  BOOST_TEST(ask(page).status == 503);
  BOOST_TEST(has(ask(page).body, R"("stopped_links":[{"subscriber":"mirror","cause":"delivery.diverged: )"));
  BOOST_TEST(ask(find(pages, "/health/ready")).status == 200);
  world.instance("counter").publisher().resume("mirror", {});
  world.settle();
  BOOST_TEST(ask(page).status == 200);
}

BOOST_AUTO_TEST_CASE(is_degraded_while_the_process_takes_no_work) {
  const std::atomic<bool> is_ready = false;
  const auto response = ask(find(health_pages({.instances = instances(), .is_ready = is_ready}), "/health"));
  BOOST_TEST(response.status == 503);
  BOOST_TEST(has(response.body, R"("status":"degraded")"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(rewinding, Site)

BOOST_AUTO_TEST_CASE(is_to_a_position_that_the_producer_tells) {
  for (int i = 0; i < 3; ++i) add("a");
  const auto pages = rewind_pages(instances());
  const auto told = ask(pages[0], {"counter"}, "at=1");
  BOOST_REQUIRE(told.status == 200);
  const auto seq = [&] { return world.value<int>("mirror", "SELECT seq FROM banyan_inbox").value(); };
  const auto again = [&](const std::string& body) {
    std::vector<std::string> values{"mirror"};
    std::istringstream text{body.substr(0, body.size() - 1)};
    for (std::string part; std::getline(text, part, '/');) values.push_back(part);
    return ask(pages[1], values);
  };
  BOOST_TEST(seq() == 3);
  BOOST_TEST(again(told.body).status == 204);
  BOOST_TEST(seq() == 3);
  BOOST_TEST(world.value<int>("mirror", "SELECT replayed_until FROM banyan_inbox").value() == 3);
  BOOST_TEST(again(ask(pages[0], {"counter"}, "before=2026-01-01T00:00:00Z").body).status == 204);
}

BOOST_AUTO_TEST_CASE(needs_a_position_that_there_is) {
  add("a");
  const auto pages = rewind_pages(instances());
  for (const char* query :
       {"", "at=", "at=x", "at=-1", "at=1&at=2", "before=", "before=yesterday", "seq=1", "%"}) {
    BOOST_TEST_CONTEXT(query) { BOOST_TEST(ask(pages[0], {"counter"}, query).status == 400); }
  }
  BOOST_TEST(ask(pages[0], {"counter"}, "at=9").status == 400);
  BOOST_TEST(ask(pages[0], {"nobody"}, "at=0").status == 404);
}

BOOST_AUTO_TEST_CASE(is_refused_where_it_can_not_be) {
  add("a");
  const auto pages = rewind_pages(instances());
  const std::string epoch = "0190a5b2-7c1d-7aaa-8bbb-123456789abc";
  const std::string hash(32, '0');
  BOOST_TEST(ask(pages[1], {"nobody", "counter", epoch, "0", hash}).status == 404);
  BOOST_TEST(ask(pages[1], {"mirror", "nobody", epoch, "0", hash}).status == 404);
  BOOST_TEST(ask(pages[1], {"counter", "mirror", epoch, "0", hash}).status == 422);
  BOOST_TEST(ask(pages[1], {"mirror", "counter", epoch, "0", hash}).status == 409);
  BOOST_TEST(ask(pages[1], {"mirror", "counter", "epoch", "0", hash}).status == 400);
  BOOST_TEST(ask(pages[1], {"mirror", "counter", epoch, "x", hash}).status == 400);
  BOOST_TEST(ask(pages[1], {"mirror", "counter", epoch, "9223372036854775808", hash}).status == 400);
  BOOST_TEST(ask(pages[0], {"counter"}, "at=9223372036854775808").status == 400);
  BOOST_TEST(ask(pages[1], {"mirror", "counter", epoch, "0", "hash"}).status == 400);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(parked_messages, Site)

BOOST_AUTO_TEST_CASE(are_listed_with_what_they_say_and_why_they_failed) {
  is_broken = true;
  add("a");
  const auto pages = parked_pages(instances());
  const auto found = items(ask(pages[0], {"mirror"}));
  BOOST_REQUIRE(found.size() == 1U);
  for (const char* part :
       {R"("producer":"counter","seq":1,"type":"counter.changed.v1","key":"a","state":"dead","attempts":1)",
        R"("cause":"mirror.broken: as it was told")", R"("payload":{"key":"a","number":0,"text":""})",
        R"("headers":{)"}) {
    BOOST_TEST(has(found.front(), part), part);
  }
  BOOST_TEST(items(ask(pages[0], {"counter"})).empty());
}

BOOST_AUTO_TEST_CASE(are_listed_as_text_if_what_came_is_no_json) {
  message::Parcel parcel;
  parcel.envelope = world.call_options().envelope;
  parcel.envelope.source = "counter";
  parcel.payload = message::decode_or_keep(nullptr, "counter.changed.v2", "{\"\xFFü");
  delivery::Batch batch{.producer = "counter", .epoch = parcel.envelope.id, .after = 0};
  batch.deliveries.push_back(
      {.seq = 1, .hash = {}, .parcel = std::make_shared<const message::Parcel>(parcel)});
  world.instance("mirror").subscriber().deliver(std::move(batch));
  world.settle();
  const auto found = items(ask(parked_pages(instances())[0], {"mirror"}));
  BOOST_REQUIRE(found.size() == 1U);
  BOOST_TEST(has(found.front(), R"("type":"counter.changed.v2")"));
  BOOST_TEST(has(found.front(), "\"payload\":\"{\\\"\uFFFDü\""), found.front());
}

BOOST_AUTO_TEST_CASE(come_a_page_at_a_time) {
  is_broken = true;
  for (int i = 0; i < 101; ++i) add(std::to_string(i));
  const auto pages = parked_pages(instances());
  const auto first = ask(pages[0], {"mirror"});
  BOOST_TEST(items(first).size() == 100U);
  BOOST_TEST(has(first.body, R"("next_after":"counter/100")"));
  const auto second = ask(pages[0], {"mirror"}, "after=counter%2F100");
  BOOST_TEST(items(second).size() == 1U);
  BOOST_TEST(!has(second.body, "next_after"));
}

BOOST_AUTO_TEST_CASE(are_asked_for_in_no_other_way) {
  const auto pages = parked_pages(instances());
  for (const char* query : {"after=", "after=counter", "after=counter/", "after=counter/x", "after=%",
                            "before=a/1", "after=counter/1&after=counter/2"}) {
    BOOST_TEST_CONTEXT(query) { BOOST_TEST(ask(pages[0], {"mirror"}, query).status == 400); }
  }
  BOOST_TEST(ask(pages[0], {"nobody"}).status == 404);
}

BOOST_AUTO_TEST_CASE(are_tried_again_when_somebody_says_so) {
  is_broken = true;
  add("a");
  add("a");
  const auto pages = parked_pages(instances());
  BOOST_TEST(items(ask(pages[0], {"mirror"})).size() == 2U);
  is_broken = false;
  BOOST_TEST(ask(pages[1], {"mirror", "counter", "1"}).status == 204);
  world.advance(1s);
  BOOST_TEST(items(ask(pages[0], {"mirror"})).empty());
}

BOOST_AUTO_TEST_CASE(are_given_up_when_somebody_says_so_and_what_waits_goes_on) {
  is_broken = true;
  add("a");
  add("a");
  is_broken = false;
  const auto pages = parked_pages(instances());
  BOOST_TEST(ask(pages[2], {"mirror", "counter", "1"}).status == 204);
  world.advance(1s);
  BOOST_TEST(items(ask(pages[0], {"mirror"})).empty());
}

BOOST_AUTO_TEST_CASE(that_are_not_dead_or_not_there_are_left_alone) {
  is_broken = true;
  add("a");
  add("a");
  const auto pages = parked_pages(instances());
  for (const std::size_t action : {1U, 2U}) {
    const http::Response alive = ask(pages[action], {"mirror", "counter", "2"});
    BOOST_TEST(alive.status == 409);
    BOOST_TEST(has(alive.body, R"("code":"BNY-delivery.not_dead")"));
    BOOST_TEST(ask(pages[action], {"mirror", "counter", "3"}).status == 404);
    BOOST_TEST(ask(pages[action], {"mirror", "nobody", "1"}).status == 404);
    BOOST_TEST(ask(pages[action], {"nobody", "counter", "1"}).status == 404);
    BOOST_TEST(ask(pages[action], {"mirror", "counter", "x"}).status == 404);
    BOOST_TEST(ask(pages[action], {"mirror", "counter", "-1"}).status == 404);
  }
  BOOST_TEST(items(ask(pages[0], {"mirror"})).size() == 2U);
}

BOOST_AUTO_TEST_CASE(are_not_looked_for_at_a_place_that_no_store_can_have) {
  is_broken = true;
  add("a");
  const auto pages = parked_pages(instances());
  for (const std::string seq : {"9223372036854775808", "18446744073709551615", "18446744073709551616"}) {
    BOOST_TEST_CONTEXT(seq) {
      BOOST_TEST(ask(pages[0], {"mirror"}, "after=x/" + seq).status == 400);
      BOOST_TEST(ask(pages[1], {"mirror", "counter", seq}).status == 404);
      BOOST_TEST(ask(pages[2], {"mirror", "counter", seq}).status == 404);
    }
  }
  BOOST_TEST(items(ask(pages[0], {"mirror"}, "after=x/9223372036854775807")).empty());
  BOOST_TEST(ask(pages[1], {"mirror", "counter", "9223372036854775807"}).status == 404);
}

BOOST_AUTO_TEST_CASE(are_left_alone_if_a_site_asks_through_somebodys_browser) {
  is_broken = true;
  add("a");
  const auto guarded = operators_only(parked_pages(instances()), {});
  for (const std::size_t action : {0U, 1U, 2U}) {
    BOOST_TEST(
        ask(guarded[action], {"mirror", "counter", "1"}, {}, {{"Origin", "https://evil.example"}}).status ==
        403);
  }
  BOOST_TEST(items(ask(parked_pages(instances())[0], {"mirror"})).size() == 1U);
}

BOOST_AUTO_TEST_CASE(that_cannot_be_read_are_not_said_to_be_away_for_a_while) {
  add("a", "DROP TABLE banyan_parked");
  const auto response = ask(parked_pages(instances())[0], {"counter"});
  BOOST_TEST(response.status == 500);
  BOOST_TEST(has(response.body, R"("code":"BNY-store.sql")"));
}

BOOST_AUTO_TEST_CASE(cannot_be_asked_of_a_module_that_has_stopped) {
  const auto pages = parked_pages(instances());
  world.instance("mirror").stop();
  BOOST_TEST(ask(pages[0], {"mirror"}).status == 503);
  BOOST_TEST(ask(pages[1], {"mirror", "counter", "1"}).status == 503);
  BOOST_TEST(ask(saga_page(instances())).status == 503);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(sagas, Site)

BOOST_AUTO_TEST_CASE(are_shown_when_they_run_longer_than_they_may) {
  world.stop("mirror");
  const auto page = saga_page({&world.instance("counter")});
  add("a", "journey");
  BOOST_TEST(items(ask(page)).empty());
  world.advance(2min, 1s);
  const auto found = items(ask(page));
  BOOST_REQUIRE(found.size() == 1U);
  BOOST_TEST(has(found.front(), R"("module":"counter","saga":"journey","id":"01000000-)"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(a_scrape, Site)

BOOST_AUTO_TEST_CASE(reads_depths_and_ages_of_every_module) {
  std::vector<telemetry::Registry::Registration> readings;
  for (const module::Instance* instance : instances()) add_readings(world.metrics(), *instance, readings);
  is_broken = true;
  add("a");
  world.stop("mirror");
  add("b");
  world.advance(30s, 1s);
  readings.clear();
  add_readings(world.metrics(), world.instance("counter"), readings);
  const auto response = ask(scrape_page(world.metrics(), {&world.instance("counter")}));
  BOOST_TEST(has(*response.headers.find("Content-Type"), "text/plain"));
  for (const char* line : {"banyan_outbox_depth{module=\"counter\"} 1\n",
                           "banyan_outbox_oldest_age_seconds{module=\"counter\"} 30\n",
                           "banyan_saga_oldest_age_seconds{module=\"counter\"} 0\n",
                           "banyan_dead_letters{module=\"counter\"} 0\n",
                           "banyan_mailbox_depth{actor=\"writer\",module=\"counter\"} "}) {
    BOOST_TEST(has(response.body, line), line);
  }
}

BOOST_AUTO_TEST_CASE(is_answered_also_when_a_module_can_not) {
  world.instance("mirror").stop();
  BOOST_TEST(ask(scrape_page(world.metrics(), instances())).status == 200);
}

BOOST_AUTO_TEST_SUITE_END()
