#define BOOST_TEST_MODULE base_result
#include "banyan/base/result.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <memory>
#include <string>

using namespace banyan;

namespace {

Result<int> half(int number) {
  if (number % 2 != 0) return Error{Errc::invalid_argument, "test.odd", "the number is odd"};
  return number / 2;
}

/// True if `call` ends its process by abort().
template <class Call>
bool aborts(Call call) {
  const pid_t child = ::fork();
  if (child == 0) {
    std::signal(SIGABRT, SIG_DFL);
    ::close(STDERR_FILENO);
    call();
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(result)

BOOST_AUTO_TEST_CASE(holds_the_value_of_a_success) {
  const auto outcome = half(8);

  BOOST_REQUIRE(outcome.ok());
  BOOST_TEST(outcome.value() == 4);
}

BOOST_AUTO_TEST_CASE(holds_the_error_of_a_failure) {
  const auto outcome = half(7);

  BOOST_REQUIRE(!outcome.ok());
  BOOST_TEST((outcome.error().code() == Errc::invalid_argument));
  BOOST_TEST(outcome.error().reason() == "test.odd");
  BOOST_TEST(outcome.error().detail() == "the number is odd");
}

BOOST_AUTO_TEST_CASE(gives_its_value_away_when_it_is_moved_from) {
  Result<std::unique_ptr<int>> outcome{std::make_unique<int>(5)};

  const std::unique_ptr<int> taken = std::move(outcome).value();

  BOOST_TEST(*taken == 5);
}

BOOST_AUTO_TEST_CASE(of_a_status_is_a_success_without_a_value) { BOOST_TEST(success().ok()); }

BOOST_AUTO_TEST_CASE(ends_the_process_when_the_wrong_side_is_read) {
  BOOST_TEST(aborts([] { static_cast<void>(half(7).value()); }));
  BOOST_TEST(aborts([] { static_cast<void>(half(8).error()); }));
  BOOST_TEST(!aborts([] { static_cast<void>(half(8).value()); }));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(error)

BOOST_AUTO_TEST_CASE(equals_another_whatever_their_texts_say) {
  BOOST_TEST((Error{Errc::conflict, "a.b", "one"} == Error{Errc::conflict, "a.b", "two"}));
  BOOST_TEST(!(Error{Errc::conflict, "a.b"} == Error{Errc::conflict, "a.c"}));
  BOOST_TEST(!(Error{Errc::conflict, "a.b"} == Error{Errc::rejected, "a.b"}));
}

BOOST_AUTO_TEST_CASE(codes_have_their_own_names) {
  BOOST_TEST(to_string(Errc::invalid_argument) == "invalid_argument");
  BOOST_TEST(to_string(Errc::not_found) == "not_found");
  BOOST_TEST(to_string(Errc::conflict) == "conflict");
  BOOST_TEST(to_string(Errc::already_exists) == "already_exists");
  BOOST_TEST(to_string(Errc::rejected) == "rejected");
  BOOST_TEST(to_string(Errc::resource_exhausted) == "resource_exhausted");
  BOOST_TEST(to_string(Errc::deadline_exceeded) == "deadline_exceeded");
  BOOST_TEST(to_string(Errc::unavailable) == "unavailable");
  BOOST_TEST(to_string(Errc::data_loss) == "data_loss");
  BOOST_TEST(to_string(Errc::internal) == "internal");
}

BOOST_AUTO_TEST_CASE(a_code_that_nobody_defined_is_unknown) {
  BOOST_TEST(to_string(static_cast<Errc>(99)) == "unknown");
}

BOOST_AUTO_TEST_CASE(an_ambiguous_failure_can_be_retried_but_not_every_retryable_one_is_ambiguous) {
  for (int code = 1; code <= 10; ++code) {
    if (is_ambiguous(static_cast<Errc>(code))) BOOST_TEST(is_retryable(static_cast<Errc>(code)));
  }
  BOOST_TEST(is_retryable(Errc::conflict));
  BOOST_TEST(!is_ambiguous(Errc::conflict));
  BOOST_TEST(!is_retryable(Errc::rejected));
}

BOOST_AUTO_TEST_SUITE_END()
