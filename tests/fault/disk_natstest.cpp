#define BOOST_TEST_MODULE fault_disk
#include <fcntl.h>
#include <signal.h>
#include <sys/mount.h>
#include <unistd.h>

#include <boost/test/data/test_case.hpp>
#include <filesystem>
#include <thread>

#include "trial.hpp"

using namespace fault;
using namespace std::chrono_literals;
namespace data = boost::unit_test::data;
namespace files = std::filesystem;

namespace {

/// A small disk of its own in the place of a folder, with the folder's content.
class SmallDisk {
 public:
  SmallDisk(const std::string& folder, int mebibytes) : folder_(folder) {
    const std::string aside = folder + ".aside";
    files::rename(folder, aside);
    files::create_directory(folder);
    const std::string size = "size=" + std::to_string(mebibytes) + "m,mode=0700";
    is_mounted_ = ::mount("banyan", folder.c_str(), "tmpfs", 0, size.c_str()) == 0;
    files::copy(aside, folder, files::copy_options::recursive);
    files::remove_all(aside);
  }
  ~SmallDisk() {
    if (is_mounted_) ::umount2(folder_.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  bool is_mounted() const { return is_mounted_; }
  /// Leaves no byte free, at once: the load goes on meanwhile.
  void fill() const {
    const int file = ::open(filler().c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    for (off_t size = 0, step = off_t{1} << 20; step >= 4096;) {
      if (::posix_fallocate(file, size, step) == 0) {
        size += step;
      } else {
        step /= 2;
      }
    }
    ::close(file);
  }
  void make_room() const { files::remove(filler()); }

 private:
  std::string filler() const { return folder_ + "/filler"; }

  const std::string folder_;
  bool is_mounted_ = false;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(disk, acceptance::Northwind)

BOOST_DATA_TEST_CASE(that_is_full_under_a_service_holds_it_up_until_there_is_room,
                     data::make(services_or("payments")), name) {
  if (is_missing()) return;
  Trial trial{first_orders(stream(), 300)};
  trial.shop().stop(name);
  const SmallDisk disk{trial.shop().data_directory() + "/" + name, 64};
  if (!disk.is_mounted()) return static_cast<void>(std::puts("skipped: no disk may be mounted here"));
  trial.shop().start(name);
  trial.begin();
  trial.wait_until_settled(50);
  disk.fill();
  std::this_thread::sleep_for(3s);
  if (name != "notifications") BOOST_TEST(trial.is_busy());  // which no order waits for
  disk.make_room();
  trial.audit();
}

// nats-server 2.9 does not recover from a full disk by itself: it answers nobody any more, nor stops when
// asked.
BOOST_AUTO_TEST_CASE(that_is_full_under_the_broker_holds_all_up_until_there_is_room_and_it_is_killed) {
  if (is_missing()) return;
  Trial trial{first_orders(stream(), 300)};
  trial.shop().stop("nats-server");
  const SmallDisk disk{trial.shop().data_directory() + "/nats", 64};
  if (!disk.is_mounted()) return static_cast<void>(std::puts("skipped: no disk may be mounted here"));
  trial.shop().start("nats-server");
  trial.begin();
  trial.wait_until_settled(50);
  disk.fill();
  std::this_thread::sleep_for(3s);
  BOOST_TEST(trial.is_busy());
  disk.make_room();
  trial.signal("nats-server", SIGKILL);
  trial.audit();
}

BOOST_AUTO_TEST_SUITE_END()
