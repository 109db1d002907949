#define BOOST_TEST_MODULE testing_crossing
#include "crossing.hpp"

#include <boost/test/unit_test.hpp>
#include <vector>

using namespace banyan;
using testing::Crossing;

namespace {

/// Both modules and both remote sides of one link: they only take note.
struct Ends final : delivery::Subscriber, delivery::Publisher {
  void deliver(delivery::Batch batch) override { seen.push_back(batch.deliveries.back().seq); }
  void resume(const std::string&, const delivery::Position& position) override {
    seen.push_back(position.seq);
  }
  void confirm(const std::string&, std::uint64_t seq) override { seen.push_back(seq); }
  bool is_flowing(const std::string&) const override { return true; }
  const message::Descriptor* find_type(std::string_view) const override { return nullptr; }

  std::vector<std::uint64_t> seen;
};

delivery::Batch rows(std::uint64_t from, std::uint64_t to) {
  delivery::Batch batch{.producer = "counter", .epoch = {}, .after = from - 1};
  for (std::uint64_t seq = from; seq <= to; ++seq) batch.deliveries.push_back({.seq = seq, .parcel = {}});
  return batch;
}

delivery::Position at(std::uint64_t seq) { return {.epoch = {}, .seq = seq}; }

struct Linked {
  Linked() {
    crossing.open_producer(relay, sender);
    crossing.open_subscriber(writer, feed);
  }
  /// The writer is at `seq`, and the relay knows it.
  void begin(std::uint64_t seq) {
    crossing.resume("mirror", at(seq));
    crossing.asked_to_resume("mirror", at(seq));
  }

  Ends relay;
  Ends sender;
  Ends writer;
  Ends feed;
  Crossing crossing;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(a_crossing, Linked)

BOOST_AUTO_TEST_CASE(is_not_at_rest_until_the_producer_knows_where_to_begin) {
  BOOST_TEST(!crossing.is_at_rest());
  crossing.resume("mirror", at(3));
  BOOST_TEST(!crossing.is_at_rest());
  crossing.asked_to_resume("mirror", at(3));
  BOOST_TEST(crossing.is_at_rest());
}

BOOST_AUTO_TEST_CASE(is_not_at_rest_while_a_row_or_its_confirmation_is_under_way) {
  begin(0);
  crossing.deliver(rows(1, 2));
  BOOST_TEST(!crossing.is_at_rest());
  crossing.arrived(rows(1, 1));
  BOOST_TEST(!crossing.is_at_rest());
  crossing.arrived(rows(2, 2));
  BOOST_TEST(crossing.is_at_rest());
  crossing.confirm("mirror", 2);
  BOOST_TEST(!crossing.is_at_rest());
  crossing.confirmed("mirror", 2);
  BOOST_TEST(crossing.is_at_rest());
  BOOST_TEST(sender.seen == std::vector<std::uint64_t>{2}, boost::test_tools::per_element());
  BOOST_TEST(writer.seen == (std::vector<std::uint64_t>{1, 2}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(waits_for_what_a_writer_that_went_back_has_not_kept) {
  begin(0);
  crossing.deliver(rows(1, 3));
  crossing.arrived(rows(1, 2));
  crossing.resume("mirror", at(1));
  crossing.arrived(rows(3, 3));  // was on its way, and does not follow on 1
  crossing.asked_to_resume("mirror", at(1));
  BOOST_TEST(!crossing.is_at_rest());
  crossing.deliver(rows(2, 3));
  crossing.arrived(rows(2, 3));
  BOOST_TEST(crossing.is_at_rest());
}

BOOST_AUTO_TEST_CASE(is_at_rest_and_drops_what_comes_while_an_end_is_not_there) {
  begin(0);
  crossing.close_subscriber();
  crossing.deliver(rows(1, 1));
  crossing.arrived(rows(1, 1));
  BOOST_TEST(crossing.is_at_rest());
  BOOST_TEST(writer.seen.empty());
  crossing.close_producer();
  crossing.asked_to_resume("mirror", at(1));
  crossing.confirmed("mirror", 1);
  BOOST_TEST(relay.seen == std::vector<std::uint64_t>{0}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
