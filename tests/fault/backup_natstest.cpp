#define BOOST_TEST_MODULE fault_backup
#include "acceptance/backup_check.hpp"
#include "trial.hpp"

// Every module a process of its own. The broker keeps its streams: they have what was sent after the backup.
BOOST_FIXTURE_TEST_SUITE(a_set_that_was_backed_up_under_load, acceptance::Northwind)

BOOST_AUTO_TEST_CASE(is_restored_beside_the_broker_as_it_is_and_goes_on_to_the_totals_of_the_files) {
  if (!is_missing()) acceptance::back_up_and_restore(stream(), fault::all_apart);
}

BOOST_AUTO_TEST_SUITE_END()
