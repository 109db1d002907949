#define BOOST_TEST_MODULE remote_run
#include <boost/test/unit_test.hpp>

#include "banyan/testing/plain_signatures.hpp"
#include "messages.hpp"
#include "run.hpp"

using namespace banyan;
using namespace banyan::remote;

namespace {

const std::string subject = "evt.counter.mirror";

Result<std::string> sign(std::string_view statement) { return testing::sign_plainly("counter", statement); }

Result<std::string> refuse(std::string_view) { return Error{Errc::internal, "test.no_key"}; }

/// The messages of that many rows in the stream.
std::vector<nats::Message> sent(std::uint64_t count, const Signer& signer = sign,
                                const std::string& text = {}) {
  std::vector<Encoded> encoded;
  for (std::uint64_t seq = 1; seq <= count; ++seq)
    encoded.push_back(encode(changed(seq, text), test_id(200), seq - 1, moment));
  const Status outcome = sign_runs(encoded, subject, signer);
  BOOST_TEST(outcome.ok() == (encoded.empty() || signer({}).ok()));
  std::vector<nats::Message> messages;
  for (Encoded& one : encoded) messages.push_back(message_of(std::move(one)));
  return messages;
}

nats::Message with(nats::Message message, std::string_view name, std::string_view value) {
  message.headers = replaced(message.headers, name, value);
  return message;
}

struct Reader {
  Run run{"counter", subject, testing::signer_of};

  Run::State take(const nats::Message& message) {
    return run.take({.stream_sequence = ++taken, .consumer_sequence = taken, .reply = {}},
                    decode(message, mirror_rules(), moment).value(), message);
  }
  /// The verdict on the last one; all before it leave the run open.
  Run::State take(const std::vector<nats::Message>& messages) {
    for (std::size_t i = 0; i + 1 < messages.size(); ++i) {
      BOOST_TEST((take(messages[i]) == Run::State::open));
    }
    return take(messages.back());
  }
  std::vector<std::uint64_t> release() {
    std::vector<std::uint64_t> rows;
    for (const Run::Held& held : run.release()) {
      BOOST_TEST(held.place.stream_sequence > 0U);
      rows.push_back(held.message.delivery.seq);
    }
    return rows;
  }
  std::uint64_t taken = 0;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(a_run, Reader)

BOOST_AUTO_TEST_CASE(is_believed_as_a_whole_when_its_signature_is_there) {
  BOOST_TEST((take(sent(3)) == Run::State::believable));
  BOOST_TEST((release() == std::vector<std::uint64_t>{1, 2, 3}));
  BOOST_TEST((take(sent(1)) == Run::State::believable));
  BOOST_TEST((release() == std::vector<std::uint64_t>{1}));
}

BOOST_AUTO_TEST_CASE(has_so_many_messages_at_the_most) {
  const auto messages = sent(2 * run_max + 1);
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const bool is_last = (i + 1) % run_max == 0 || i + 1 == messages.size();
    BOOST_TEST(messages[i].headers.find("Banyan-Signature").has_value() == is_last);
    BOOST_TEST((take(messages[i]) == (is_last ? Run::State::believable : Run::State::open)));
    if (is_last) release();
  }
}

BOOST_AUTO_TEST_CASE(ends_with_the_message_that_makes_it_too_large) {
  const std::string text(run_bytes_max / 3, 'x');
  const auto messages = sent(8, sign, text);
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const bool is_last = i == 2 || i == 5 || i == 7;
    BOOST_TEST(messages[i].headers.find("Banyan-Signature").has_value() == is_last);
    BOOST_TEST((take(messages[i]) == (is_last ? Run::State::believable : Run::State::open)));
    if (is_last) release();
  }
}

BOOST_AUTO_TEST_CASE(is_forged_if_it_grows_too_large_without_a_signature) {
  const auto unsigned_ = sent(3, refuse, std::string(run_bytes_max / 3, 'x'));
  BOOST_TEST((take(unsigned_) == Run::State::forged));
  BOOST_TEST(release().size() == 3U);
}

BOOST_AUTO_TEST_CASE(is_forged_if_anything_in_it_was_changed) {
  const auto forged = [](std::size_t index, auto change) {
    auto messages = sent(3);
    change(messages[index]);
    Reader reader;
    BOOST_TEST((reader.take(messages) == Run::State::forged));
    BOOST_TEST(reader.run.why().reason() == "testing.not_signed");
    BOOST_TEST((reader.release() == std::vector<std::uint64_t>{1, 2, 3}));
  };
  for (std::size_t i = 0; i < 3; ++i) {
    forged(i, [](auto& message) { message.data = R"({"key":"k","number":666,"text":""})"; });
    for (const auto& [name, value] :
         {std::pair{"ce-id", "0190a5c4-7d1e-7000-8000-000000000001"},
          {"ce-time", "2026-01-02T00:00:00.000000Z"},
          {"ce-partitionkey", "other"},
          {"ce-correlationid", "0190a5c4-7d1e-7000-8000-000000000001"},
          {"ce-traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"},
          {"baggage", "tier=gold"},
          {"Banyan-Principal", "admin"},
          {"Banyan-Destination", "mirror"},
          {"Banyan-Reply-To", "saga"}}) {
      forged(i, [&](auto& message) { message = with(message, name, value); });
    }
  }
}

BOOST_AUTO_TEST_CASE(is_forged_if_somebody_else_has_signed_it) {
  const auto messages = sent(2, [](std::string_view statement) -> Result<std::string> {
    return "orders:" + std::string{statement};
  });
  BOOST_TEST((take(messages) == Run::State::forged));
  BOOST_TEST(run.why().detail() == "signed by orders");
}

BOOST_AUTO_TEST_CASE(is_forged_on_another_link_than_its_own) {
  Run other{"counter", "evt.counter.orders", testing::signer_of};
  const auto message = sent(1).front();
  BOOST_TEST(
      (other.take({}, decode(message, mirror_rules(), moment).value(), message) == Run::State::forged));
}

BOOST_AUTO_TEST_CASE(is_forged_without_a_signature_at_its_longest_and_without_a_place_in_it) {
  BOOST_TEST((take(sent(run_max, refuse)) == Run::State::forged));
  BOOST_TEST(release().size() == run_max);
  BOOST_TEST((take(with(sent(1).front(), "Banyan-Run", "")) == Run::State::forged));
  release();
  BOOST_TEST((take(with(sent(1).front(), "Banyan-Run", "-1")) == Run::State::forged));
}

BOOST_AUTO_TEST_CASE(is_broken_by_a_message_that_is_missing_repeated_or_out_of_order) {
  const auto messages = sent(4);
  for (const auto& order : {std::vector<std::size_t>{1}, {0, 2}, {0, 1, 1}, {0, 1, 3}}) {
    Reader reader;
    std::vector<nats::Message> arrived;
    for (const std::size_t i : order) arrived.push_back(messages[i]);
    BOOST_TEST((reader.take(arrived) == Run::State::broken));
    BOOST_TEST(reader.release().size() == order.size());
    BOOST_TEST(reader.release().empty());
    BOOST_TEST((reader.take(messages) == Run::State::believable));
  }
}

BOOST_AUTO_TEST_CASE(begins_with_its_first_message) {
  const auto messages = sent(2);
  BOOST_TEST(Run::begins(messages[0]));
  BOOST_TEST(!Run::begins(messages[1]));
  BOOST_TEST(!Run::begins(with(messages[0], "Banyan-Run", "")));
}

BOOST_AUTO_TEST_SUITE_END()
