#define BOOST_TEST_MODULE host_words
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "banyan/testing/child_process.hpp"
#include "words.hpp"

using namespace banyan;
using namespace banyan::host;
using Command = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(words)

BOOST_AUTO_TEST_CASE(are_joined) {
  BOOST_TEST(joined(Command{}, ", ") == "");
  BOOST_TEST(joined(Command{"users", "orders"}, ", ") == "users, orders");
}

BOOST_AUTO_TEST_CASE(reach_a_program_through_a_shell_as_they_are) {
  for (const std::string word :
       {"/srv/shop", "a b", "", "it's", "$HOME", "a\"b", "*", "`id`", "a\\b", "-x=1"}) {
    testing::ChildProcess shell{{"/bin/sh", "-c", "printf %s " + shell_word(word)}};
    BOOST_TEST(shell.wait() == 0);
    BOOST_TEST(shell.output() == word);
  }
  BOOST_TEST(shell_word("/srv/shop-1") == "/srv/shop-1");
}

BOOST_AUTO_TEST_CASE(tell_the_command_again_with_another_folder) {
  const std::string table[][2] = {
      {"banyan-users", "banyan-users --data-dir '/other shop' --standby"},
      {"banyan-users --data-dir data --keys k", "banyan-users --keys k --data-dir '/other shop' --standby"},
      {"banyan-users --data-dir=data --keys k", "banyan-users --keys k --data-dir '/other shop' --standby"},
      {"banyan-users --standby", "banyan-users --standby --data-dir '/other shop'"},
  };
  for (const auto& [command, again] : table) {
    Command line;
    for (std::size_t at = 0; at != std::string::npos;) {
      const std::size_t end = command.find(' ', at);
      line.push_back(command.substr(at, end == std::string::npos ? end : end - at));
      at = end == std::string::npos ? end : end + 1;
    }
    BOOST_TEST(command_for_folder(line, "/other shop") == again);
  }
}

BOOST_AUTO_TEST_CASE(tell_the_command_again_with_other_modules) {
  BOOST_TEST(command_for_modules(Command{"banyan", "--modules", "users,orders", "--data-dir", "data"},
                                 Command{"orders"}) == "banyan --data-dir data --modules orders");
}

BOOST_AUTO_TEST_SUITE_END()
