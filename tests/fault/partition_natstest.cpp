#define BOOST_TEST_MODULE fault_partition
#include <unistd.h>

#include <cstdlib>
#include <thread>

#include "trial.hpp"

using namespace fault;
using namespace std::chrono_literals;

namespace {

bool run(const std::string& command) { return std::system((command + " >/dev/null 2>&1").c_str()) == 0; }

/// A network namespace at the other end of a cable.
class FarNetwork {
 public:
  FarNetwork()
      : exists_(
            run("ip netns add " + name_) &&
            run("ip link add " + cable_ + " type veth peer eth0 netns " + name_) &&
            run("ip addr add " + subnet_ + ".1/30 dev " + cable_) && run("ip link set " + cable_ + " up") &&
            run(inside_ + "addr add " + subnet_ + ".2/30 dev eth0") && run(inside_ + "link set eth0 up")) {}
  ~FarNetwork() {
    run("ip link del " + cable_);
    run("ip netns del " + name_);
  }
  FarNetwork(const FarNetwork&) = delete;
  FarNetwork& operator=(const FarNetwork&) = delete;

  bool exists() const { return exists_; }
  /// As tools/split/supervise.py takes it.
  std::string place() const { return name_ + "," + subnet_ + ".2"; }
  void unplug() const { BOOST_REQUIRE(run("ip link set " + cable_ + " down")); }
  void plug_in() const { BOOST_REQUIRE(run("ip link set " + cable_ + " up")); }

 private:
  const std::string cable_ = "banyan" + std::to_string(::getpid());
  const std::string name_ = cable_;
  const std::string inside_ = "ip -n " + name_ + " ";
  const std::string subnet_ = "10.213." + std::to_string(::getpid() % 256);
  const bool exists_;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(partition, acceptance::Northwind)

BOOST_AUTO_TEST_CASE(between_all_processes_and_the_broker_is_waited_for) {
  const FarNetwork network;
  if (!network.exists())
    return static_cast<void>(std::puts("skipped: no network namespaces may be made here"));
  if (is_missing()) return;
  Trial trial{first_orders(stream(), 300), Load::at_once, {}, {"--nats-namespace", network.place()}};
  trial.begin();
  trial.wait_until_settled(50);
  network.unplug();
  std::this_thread::sleep_for(length_of_pause(5s));
  BOOST_TEST(trial.is_busy());
  network.plug_in();
  trial.audit();
}

BOOST_AUTO_TEST_SUITE_END()
