#define BOOST_TEST_MODULE testing_child_process
#include <signal.h>

#include <boost/test/unit_test.hpp>
#include <cstdlib>

#include "banyan/testing/child_process.hpp"

using banyan::testing::ChildProcess;

namespace {

std::vector<std::string> shell(std::string script) { return {"/bin/sh", "-c", std::move(script)}; }

}  // namespace

BOOST_AUTO_TEST_SUITE(a_child_process)

BOOST_AUTO_TEST_CASE(says_line_by_line_what_it_says) {
  ChildProcess child{shell("echo one; echo two; printf three; echo wrong >&2; exit 3")};
  BOOST_TEST(child.read_line().value() == "one");
  BOOST_TEST(child.read_line().value() == "two");
  BOOST_TEST(!child.read_line().has_value());
  BOOST_TEST(child.wait() == 3);
  BOOST_TEST(child.output() == "three");
  BOOST_TEST(child.errors() == "wrong\n");
}

BOOST_AUTO_TEST_CASE(ends_by_the_signal_that_it_gets) {
  ChildProcess child{shell("echo ready; exec sleep 1000")};
  BOOST_TEST(child.read_line().value() == "ready");
  child.signal(SIGTERM);
  BOOST_TEST(child.wait() == 128 + SIGTERM);
}

BOOST_AUTO_TEST_CASE(knows_the_environment_but_for_what_configures_banyan) {
  ::setenv("BANYAN_HTTP_LISTEN", "nowhere", 1);
  ::setenv("SAMPLE_VARIABLE", "kept", 1);
  ChildProcess child{shell("echo $BANYAN_HTTP_LISTEN/$SAMPLE_VARIABLE/$BANYAN_LOG_LEVEL"),
                     {{"BANYAN_LOG_LEVEL", "debug"}}};
  BOOST_TEST(child.read_line().value() == "/kept/debug");
  BOOST_TEST(child.wait() == 0);
}

BOOST_AUTO_TEST_CASE(that_is_no_program_ends_at_once) {
  BOOST_TEST(ChildProcess{{"/nothing/here"}}.wait() == 127);
}

BOOST_AUTO_TEST_SUITE_END()
