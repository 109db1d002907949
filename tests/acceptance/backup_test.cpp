#define BOOST_TEST_MODULE acceptance_backup
#include "backup_check.hpp"

using namespace acceptance;

// One process.
BOOST_FIXTURE_TEST_SUITE(a_set_that_was_backed_up_under_load, Northwind)

BOOST_AUTO_TEST_CASE(is_restored_and_goes_on_to_the_totals_of_the_files) {
  if (!is_missing()) back_up_and_restore(stream(), {});
}

BOOST_AUTO_TEST_SUITE_END()
