#pragma once
#include <cstdlib>
#include <random>
#include <sstream>

#include "check.hpp"
#include "sets.hpp"

namespace acceptance {

/// $name, or `otherwise`.
inline std::uint64_t number_of(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

/// The sets are restored one after the other; with each the shop goes on from where it was then, is sent the
/// whole stream again by clients that repeat what they have no answer for, and must agree with the count.
inline void restore_and_serve(const Stream& stream, const Units& supply, ShopProcess& shop, Sets& sets) {
  const Count expected = count(stream, supply);
  for (int n = 0; n < sets.count(); ++n) {
    sets.put_back(n);
    shop.start();
    Replay again{stream, places_of(shop)};
    again.load();
    again.restock(supply);
    again.place_orders(64);
    again.come_to_rest();
    for (const std::string& difference : differences(stream, expected, again)) BOOST_ERROR(difference);
    check_stores(shop);
    std::printf("set %d, taken when %d orders were settled: %" PRId64 " confirmed, %" PRId64
                " units, %" PRId64 " cents\n",
                n, sets.settled(n), expected.confirmed(), expected.units(), expected.cents());
    std::fflush(stdout);
  }
}

/// One module is set back alone. What the restore tells lets each link go on that has stopped, where it asks
/// for it with the store that was put aside.
inline void restore_one_and_resume(ShopProcess& shop, Sets& sets, const std::string& module) {
  std::istringstream said{sets.put_back(0, module)};
  int resumed = 0;
  for (std::string line; std::getline(said, line);) {
    const std::size_t at = line.find(" link resume ");
    if (at == line.npos) continue;
    std::istringstream words{line.substr(at + 13)};
    std::string producer, subscriber;
    words >> producer >> subscriber;
    std::vector<std::string> command{"link", "resume", producer, subscriber, "--apply"};
    if (line.find("--lost FOLDER") != line.npos) {
      command.insert(command.end(), {"--lost", sets.aside(module)});
    }
    const Ended ended = sets.run(command);
    BOOST_TEST(ended.status == 0, ended.errors);
    ++resumed;
  }
  BOOST_TEST(resumed > 0);
  BOOST_TEST(shop.stores_are_sound());
}

/// Takes backups under load, ends the shop at once, and restores.
inline void back_up_and_restore(const Stream& stream, const Split& split) {
  const auto rounds = static_cast<int>(number_of("BACKUP_ROUNDS", 2));
  const std::uint64_t seed = number_of("BACKUP_SEED", std::random_device{}());
  std::printf("%d sets, BACKUP_SEED=%" PRIu64 "\n", rounds, seed);
  std::fflush(stdout);
  const Units supply = demand_of(stream);
  ShopProcess shop{{}, split};
  shop.start();
  Replay replay{stream, places_of(shop)};
  replay.load();
  replay.restock(supply);
  Sets sets{shop, split, seed};
  auto work = std::async(std::launch::async, [&] { replay.place_orders(64); });
  sets.take_while(work, replay, static_cast<int>(stream.orders.size()), rounds);
  work.get();
  shop.kill();

  restore_and_serve(stream, supply, shop, sets);
  restore_one_and_resume(shop, sets, "orders");
}

}  // namespace acceptance
