#define BOOST_TEST_MODULE fault_power_losses
#include <boost/test/unit_test.hpp>
#include <cinttypes>
#include <cstdio>
#include <random>

#include "acceptance/small_shop.hpp"
#include "environment.hpp"
#include "faulty_disk.hpp"
#include "power_loss.hpp"
#include "sweep.hpp"

using namespace fault;
using namespace acceptance;

namespace {

constexpr std::size_t images_of_one_life = 50;
constexpr std::chrono::milliseconds patience = std::chrono::minutes{1};

/// How the orders of a shop come.
struct Load {
  Stream stream;
  int in_flight;
};

Load one_by_one() { return {.stream = small_stream(8), .in_flight = 1}; }

/// With stock for all.
Load at_once() {
  Load load{.stream = small_stream(16), .in_flight = 4};
  const Units demand = demand_of(load.stream);
  for (auto& product : load.stream.products) product.units_in_stock = demand.at(product.id);
  return load;
}

/// A shop from its first start until it is killed: all that it did to its disk, and what it answered.
class Life {
 public:
  explicit Life(Load load) : load_(std::move(load)), loss_(live()) {}

  const Load& load() const { return load_; }
  const PowerLoss& loss() const { return loss_; }

 private:
  PowerLoss live() {
    ShopProcess shop{sweep_settings()};
    FaultyDisk disk{disk_of(shop)};
    shop.launch(disk.environment());
    if (!shop.serves()) throw std::runtime_error("the shop does not start: " + shop.log());
    Answers answers;
    sell(shop, load_.stream, load_.in_flight, answers, patience,
         [&](const std::string& key, const std::string& id) { disk.mark(key + " " + id); });
    shop.kill();
    return {disk_of(shop), {}, disk.trace()};
  }

  const Load load_;
  const PowerLoss loss_;
};

/// Where the power goes away, and how the disk looks then.
struct Moment {
  const Life* life;
  std::size_t records;
  std::uint64_t seed;
};

Violations lose_power(const Moment& moment) {
  Answers answers;
  for (const std::string& mark : moment.life->loss().marks(moment.records)) {
    const std::size_t space = mark.find(' ');
    answers.note(mark.substr(0, space), mark.substr(space + 1));
  }
  ShopProcess shop{sweep_settings()};
  write_tree(moment.life->loss().image(moment.records, moment.seed), disk_of(shop));
  return audit(shop, moment.life->load().stream, moment.life->load().in_flight, answers);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(power_losses)

BOOST_AUTO_TEST_CASE(lose_nothing_that_was_answered_whenever_they_come) {
  const std::size_t images = number_from_environment("FAULT_IMAGES", 24);
  const std::uint64_t seed = number_from_environment("FAULT_SEED", std::random_device{}());
  std::printf("%zu images, FAULT_SEED=%" PRIu64 "\n", images, seed);
  std::fflush(stdout);
  std::mt19937_64 engine{seed};
  std::vector<std::unique_ptr<Life>> lives;
  for (std::size_t i = 0; i < 2 || i * images_of_one_life < images; ++i)
    lives.push_back(std::make_unique<Life>(i % 2 == 0 ? one_by_one() : at_once()));

  std::vector<Moment> moments;
  std::size_t answered = 0;
  for (std::size_t i = 0; i < images; ++i) {
    const Life& life = *lives[i % lives.size()];
    const std::size_t records = 1 + engine() % life.loss().records();
    moments.push_back({&life, records, engine() % 1'000'000});
    answered += life.loss().marks(records).size();
  }
  const auto all = run_trials(images, [&](std::size_t i) { return lose_power(moments[i]); });

  std::size_t violated = 0;
  for (std::size_t i = 0; i < images; ++i) {
    violated += all[i].empty() ? 0 : 1;
    for (const std::string& violation : all[i]) {
      BOOST_ERROR("image " << i << ", after " << moments[i].records << " of "
                           << moments[i].life->loss().records() << " records, seed " << moments[i].seed
                           << ": " << violation);
    }
  }
  BOOST_TEST(answered > images);  // else it proves little
  std::printf("%zu images of %zu lives, %zu answers before, %zu violated\n", images, lives.size(), answered,
              violated);
}

BOOST_AUTO_TEST_SUITE_END()
