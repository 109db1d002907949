#pragma once
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <cinttypes>
#include <cstdio>
#include <filesystem>

#include "books.hpp"
#include "links.hpp"
#include "shop_process.hpp"

namespace acceptance {

/// A fixture: the Northwind data, if they are there.
class Northwind {
 public:
  Northwind() : stream_(read_northwind()) {}
  /// Says so, too.
  bool is_missing() const {
    if (!stream_) std::puts("skipped: no data");
    return !stream_;
  }
  const Stream& stream() const { return *stream_; }

 private:
  std::optional<Stream> stream_;
};

inline Replay::Places places_of(ShopProcess& process) {
  return {[&process] { return process.endpoint(); }, [&process] { return process.administrations(); }};
}

inline std::int64_t letters_in(const std::string& directory) {
  std::int64_t letters = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator{directory}) {
    if (file.path().extension() == ".eml") ++letters;
  }
  return letters;
}

/// The shop agrees with itself and with the count, and has written to the customers what it says it has.
inline void check_books(const Stream& stream, const Count& expected, const Replay& replay,
                        const ShopProcess& process) {
  for (const std::string& difference : differences(stream, expected, replay)) BOOST_ERROR(difference);
  std::int64_t letters = 0;
  for (const Outcome& outcome : expected.outcomes) letters += outcome.cancel_code == out_of_stock ? 1 : 2;
  BOOST_TEST(letters_in(process.data_directory()) == letters);
}

/// The shop stops politely, and its stores are whole and agree with each other.
inline void check_stores(ShopProcess& process) {
  BOOST_TEST(process.stop() == 0);
  BOOST_TEST(process.stores_are_sound());
  for (const std::string& difference : differences_of_links(process.data_directory()))
    BOOST_ERROR(difference);
}

inline void report(const char* title, const Split& split, const Count& count) {
  const auto orders = static_cast<std::int64_t>(count.outcomes.size());
  std::printf("%s%s%s: %" PRId64 " orders confirmed, %" PRId64 " out of stock; %" PRId64 " units, %" PRId64
              " cents\n",
              title, split.empty() ? "" : ", split: ", split.c_str(), count.confirmed(),
              orders - count.confirmed(), count.units(), count.cents());
}

}  // namespace acceptance
