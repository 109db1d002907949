#define BOOST_TEST_MODULE module_full_disk
#include <sys/mount.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <optional>

#include "counting.hpp"

using namespace banyan;
using namespace banyan::module;

namespace {

/// A file system of 6 MiB, in which all temporary directories lie while it exists.
class SmallDisk {
 public:
  SmallDisk() {
    is_mounted_ = ::mount("tmpfs", place_.path().c_str(), "tmpfs", 0, "size=6m") == 0;
    if (is_mounted_) ::setenv("TMPDIR", place_.path().c_str(), 1);
  }
  ~SmallDisk() {
    if (!is_mounted_) return;
    ::unsetenv("TMPDIR");
    ::umount2(place_.path().c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  bool is_mounted() const { return is_mounted_; }
  std::string path() const { return place_.path(); }

 private:
  testing::TemporaryDirectory place_;
  bool is_mounted_ = false;
};

boost::test_tools::assertion_result can_mount(boost::unit_test::test_unit_id) {
  boost::test_tools::assertion_result result = SmallDisk{}.is_mounted();
  result.message() << "mounting a tmpfs needs root";
  return result;
}

testing::World::Options tight() {
  testing::World::Options options;
  options.instance.store.page_cache_bytes = 256 << 10;  // the transaction reaches the disk before its end
  options.instance.store.free_min_bytes = 64 << 10;
  return options;
}

/// As long as a key may be nearly, and of its own.
std::string large(std::size_t number) { return std::to_string(number) + std::string(2'000, 'x'); }

}  // namespace

BOOST_AUTO_TEST_SUITE(a_full_disk, *boost::unit_test::precondition(can_mount))

BOOST_AUTO_TEST_CASE(nobody_is_told_success_whose_command_is_lost_and_all_goes_on_when_there_is_room) {
  SmallDisk disk;
  Counting it{tight()};
  BOOST_REQUIRE(it.add("before").ok());
  std::vector<std::optional<Status>> answers(1'000);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    it.world.ask(Add{.key = large(i), .number = 1}, it.world.call_options(),
                 [&answers, i](auto answer) { answers[i] = Counting::status(answer); });
  }
  it.world.settle();

  bool was_refused = false;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    BOOST_REQUIRE(answers[i].has_value());
    const auto rows = it.world.value<int>(
        "counter", "SELECT count(*) FROM entry WHERE type = 'counter.add.v1' AND key = ?1", large(i));
    BOOST_TEST(rows.value() == (answers[i]->ok() ? 1 : 0));
    if (answers[i]->ok()) continue;
    was_refused = true;
    BOOST_TEST((answers[i]->error().code() == Errc::resource_exhausted),
               answers[i]->error().reason() << ": " << answers[i]->error().detail());
  }
  BOOST_TEST(was_refused);

  it.world.advance(5s);
  BOOST_REQUIRE(::mount("tmpfs", disk.path().c_str(), "tmpfs", MS_REMOUNT, "size=60m") == 0);
  it.world.advance(5s);
  BOOST_TEST(it.add("after").ok());
  BOOST_TEST(it.mirrored().back() == "after1");
  BOOST_TEST(it.mirrored().size() == it.counted().size());
}

BOOST_AUTO_TEST_SUITE_END()
