#pragma once
#include <boost/test/unit_test.hpp>

#include "banyan/security/key_folder.hpp"
#include "banyan/testing/manual_clock.hpp"
#include "banyan/testing/seeded_random.hpp"
#include "banyan/testing/temporary_directory.hpp"

namespace banyan::security {

/// The keys of two accounts, "orders" and "payments".
struct Accounts {
  testing::ManualClock clock;
  testing::SeededRandom random{1};
  testing::TemporaryDirectory disk;
  KeyFolder folder{disk.path()};

  Accounts() {
    BOOST_REQUIRE(folder.create("orders").ok());
    BOOST_REQUIRE(folder.create("payments").ok());
  }
};

}  // namespace banyan::security
