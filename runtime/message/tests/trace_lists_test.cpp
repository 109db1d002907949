#define BOOST_TEST_MODULE message_trace_lists
#include <boost/test/unit_test.hpp>

#include "banyan/message/trace.hpp"

using banyan::message::read_baggage;
using banyan::message::read_tracestate;
using std::string;

namespace {

/// "k0=v,k1=v,…"
string list_of(int members, const string& value = "v") {
  string list;
  for (int i = 0; i < members; ++i) list += (i == 0 ? "k" : ",k") + std::to_string(i) + "=" + value;
  return list;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tracestate)

BOOST_AUTO_TEST_CASE(is_read_as_it_came_with_its_fields_in_order) {
  BOOST_TEST(read_tracestate({}) == "");
  BOOST_TEST(read_tracestate({"rojo=00f067aa0ba902b7"}) == "rojo=00f067aa0ba902b7");
  BOOST_TEST(read_tracestate({"rojo=1,congo=t61rcWkgMzE", "0tenant@sys=a b;c"}) ==
             "rojo=1,congo=t61rcWkgMzE,0tenant@sys=a b;c");
}

BOOST_AUTO_TEST_CASE(is_read_without_white_space_and_empty_members) {
  BOOST_TEST(read_tracestate({" rojo=1 ,\t,congo=2,", ""}) == "rojo=1,congo=2");
}

BOOST_AUTO_TEST_CASE(that_is_malformed_or_too_large_is_none) {
  for (const string& text :
       {string{"rojo"}, string{"=1"}, string{"rojo="}, string{"Rojo=1"}, string{"-a=1"}, string{"a@b@c=1"},
        string{"rojo=1=2"}, string{"rojo=\x01"}, string{"rojo=\xc3\xa4"}, string{"a=1,b"},
        string(257, 'k') + "=1", "k=" + string(257, 'v'), list_of(33), list_of(5, string(120, 'v'))}) {
    BOOST_TEST(read_tracestate({text}) == "", text);
  }
  BOOST_TEST(read_tracestate({list_of(32)}) == list_of(32));
  BOOST_TEST(read_tracestate({"k=" + string(256, 'v')}).size() == 258U);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(baggage)

BOOST_AUTO_TEST_CASE(is_read_with_its_properties_and_its_fields_in_order) {
  BOOST_TEST(read_baggage({}) == "");
  BOOST_TEST(read_baggage({"userId=alice", "serverNode=DF%2028;secret;ttl=5,empty="}) ==
             "userId=alice,serverNode=DF%2028;secret;ttl=5,empty=");
  BOOST_TEST(read_baggage({"a=b=c"}) == "a=b=c");
}

BOOST_AUTO_TEST_CASE(is_read_without_white_space_and_empty_members) {
  BOOST_TEST(read_baggage({"userId = alice ; p = 1 ,\t,b=2 , "}) == "userId=alice;p=1,b=2");
}

BOOST_AUTO_TEST_CASE(that_is_malformed_or_too_large_is_none) {
  for (const string& text :
       {string{"userId"}, string{"=1"}, string{"a b=1"}, string{"a=b c"}, string{"a=\"b\""}, string{"a=b\\c"},
        string{"a=1;"}, string{"a=1;;b"}, string{"a=1;=2"}, string{"\xc3\xa4=1"}, string{"a=\xc3\xa4"},
        string{"a=1,b"}, list_of(65), "k=" + string(8191, 'v')}) {
    BOOST_TEST(read_baggage({text}) == "", text);
  }
  BOOST_TEST(read_baggage({list_of(64)}) == list_of(64));
  BOOST_TEST(read_baggage({"k=" + string(8190, 'v')}).size() == 8192U);
}

BOOST_AUTO_TEST_SUITE_END()
