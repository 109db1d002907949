#define BOOST_TEST_MODULE http_reply_queue
#include <array>
#include <boost/test/unit_test.hpp>
#include <thread>
#include <vector>

#include "reply_queue.hpp"

using namespace banyan::http;

namespace {

std::unique_ptr<Reply> reply(std::uint64_t number) {
  auto made = std::make_unique<Reply>();
  made->number = number;
  return made;
}

std::vector<std::uint64_t> take(ReplyQueue& queue) {
  std::vector<std::uint64_t> numbers;
  for (Reply* next = queue.take_all(); next != nullptr;) {
    const std::unique_ptr<Reply> taken{next};
    next = taken->next;
    numbers.push_back(taken->number);
  }
  return numbers;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(a_reply_queue)

BOOST_AUTO_TEST_CASE(gives_back_in_order_and_asks_once_per_burst_to_be_read) {
  ReplyQueue queue;
  BOOST_TEST(queue.push(reply(1)));
  BOOST_TEST(!queue.push(reply(2)));
  BOOST_TEST(!queue.push(reply(3)));
  const std::vector<std::uint64_t> expected{1, 2, 3};
  BOOST_TEST(take(queue) == expected, boost::test_tools::per_element());
  BOOST_TEST(take(queue).empty());
  BOOST_TEST(queue.push(reply(4)));
}

BOOST_AUTO_TEST_CASE(drops_everything_once_closed) {
  ReplyQueue queue;
  BOOST_TEST(queue.push(reply(1)));
  queue.close();
  BOOST_TEST(!queue.push(reply(2)));
}

BOOST_AUTO_TEST_CASE(loses_nothing_of_several_writers_and_keeps_the_order_of_each) {
  constexpr std::uint64_t each = 20'000;
  ReplyQueue queue;
  std::vector<std::jthread> writers;
  for (std::uint64_t writer = 0; writer < 3; ++writer) {
    writers.emplace_back([&queue, writer] {
      for (std::uint64_t i = 0; i < each; ++i) queue.push(reply(writer * each + i));
    });
  }
  std::array<std::uint64_t, 3> next{};
  bool in_order = true;
  for (std::uint64_t count = 0; count < 3 * each;) {
    for (const std::uint64_t number : take(queue)) {
      in_order = in_order && next[number / each]++ == number % each;
      ++count;
    }
  }
  BOOST_TEST(in_order);
}

BOOST_AUTO_TEST_SUITE_END()
