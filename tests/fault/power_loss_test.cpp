#define BOOST_TEST_MODULE fault_power_loss
#include "power_loss.hpp"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <set>

#include "banyan/testing/child_process.hpp"
#include "faulty_disk.hpp"

using namespace fault;

namespace {

constexpr int seeds = 300;

/// The calls of a program in Python to the disk "/root" below a folder, which is `disk` for it.
class Deeds {
 public:
  explicit Deeds(const std::string& program, const std::optional<DiskFault>& fault = {})
      : folder_(place_.path() + "/root"), before_(begin()), disk_(folder_, fault) {
    const std::string prologue =
        "import os\ndef new(name): return os.open(name, os.O_CREAT | os.O_RDWR)\n"
        "def sync(name):\n f = os.open(name, os.O_RDONLY)\n os.fsync(f)\n os.close(f)\n"
        "disk = '" +
        folder_ + "'\n";
    banyan::testing::ChildProcess child{{"/usr/bin/python3", "-c", prologue + program}, disk_.environment()};
    status_ = child.wait();
    errors_ = child.errors();
  }

  int status() const { return status_; }
  const std::string& errors() const { return errors_; }
  const FaultyDisk& disk() const { return disk_; }
  PowerLoss loss() const { return {folder_, before_, disk_.trace()}; }

  /// All contents that a file may have; "missing" if its name may be missing.
  std::set<std::string> contents(const std::string& file) const {
    const PowerLoss loss = this->loss();
    std::set<std::string> all;
    for (int seed = 0; seed < seeds; ++seed) {
      const Tree image = loss.image(loss.records(), static_cast<std::uint64_t>(seed));
      const auto found = image.find(file);
      all.insert(found == image.end() ? "missing" : found->second.value_or("a folder"));
    }
    return all;
  }

 private:
  Tree begin() const {
    std::filesystem::create_directory(folder_);
    write_tree({{"old", "old"}}, folder_);
    return read_tree(folder_);
  }

  const banyan::testing::TemporaryDirectory place_;
  const std::string folder_;
  const Tree before_;
  FaultyDisk disk_;
  int status_ = 0;
  std::string errors_;
};

using Contents = std::set<std::string>;

}  // namespace

BOOST_AUTO_TEST_SUITE(power_loss)

BOOST_AUTO_TEST_CASE(keeps_what_was_synced_under_a_name_in_a_synced_folder) {
  const Deeds deeds{"f = new(disk + '/a'); os.write(f, b'one'); os.fsync(f); sync(disk)"};
  BOOST_TEST(deeds.errors() == "");
  BOOST_TEST((deeds.contents("a") == Contents{"one"}));
}

BOOST_AUTO_TEST_CASE(keeps_a_name_by_chance_until_its_folder_is_synced) {
  const Deeds deeds{"f = new(disk + '/a'); os.write(f, b'one'); os.fsync(f)"};
  BOOST_TEST((deeds.contents("a") == Contents{"missing", "one"}));
}

BOOST_AUTO_TEST_CASE(keeps_any_part_of_what_was_not_synced) {
  const Deeds deeds{
      "f = new(disk + '/old'); os.pwrite(f, b'new', 0); os.pwrite(f, b'n', 1); os.ftruncate(f, 2)"};
  const Contents contents = deeds.contents("old");
  for (const char* possible : {"old", "new", "nn", "ol"}) BOOST_TEST(contents.contains(possible));
  BOOST_TEST(!contents.contains("missing"));
}

BOOST_AUTO_TEST_CASE(tears_a_long_write) {
  const Deeds deeds{
      "f = new(disk + '/old'); os.ftruncate(f, 8192); os.fsync(f); os.pwrite(f, b'x' * 8192, 0)"};
  int torn = 0;
  for (const std::string& content : deeds.contents("old")) {
    BOOST_REQUIRE(content.size() == 8192u);
    const auto written = std::count(content.begin(), content.end(), 'x');
    BOOST_TEST(written % 512 == 0);
    torn += written > 0 && written < 8192 ? 1 : 0;
  }
  BOOST_TEST(torn > 0);
}

BOOST_AUTO_TEST_CASE(after_a_failed_sync_a_later_one_does_not_help) {
  const Deeds deeds{
      "f = new(disk + '/old'); os.pwrite(f, b'new', 0)\n"
      "try: os.fsync(f)\n"
      "except OSError: os.pwrite(f, b'N', 0); os.fsync(f)",
      DiskFault{.call = disk_sync}};
  BOOST_TEST(deeds.disk().failed() == 1u);
  BOOST_TEST((deeds.contents("old") == Contents{"Nld", "New"}));
}

BOOST_AUTO_TEST_CASE(removes_and_moves_names_by_chance_until_the_folder_is_synced) {
  const std::string program = "os.rename(disk + '/old', disk + '/new')";
  BOOST_TEST((Deeds{program}.contents("old") == Contents{"missing", "old"}));
  BOOST_TEST((Deeds{program}.contents("new") == Contents{"missing", "old"}));
  BOOST_TEST((Deeds{program + "; sync(disk)"}.contents("new") == Contents{"old"}));
  BOOST_TEST((Deeds{"os.unlink(disk + '/old')"}.contents("old") == Contents{"missing", "old"}));
}

BOOST_AUTO_TEST_CASE(loses_all_in_a_folder_whose_own_name_is_lost) {
  const std::string program =
      "os.mkdir(disk + '/b'); f = new(disk + '/b/c'); os.write(f, b'one'); os.fsync(f); sync(disk + '/b')";
  BOOST_TEST((Deeds{program}.contents("b/c") == Contents{"missing", "one"}));
  BOOST_TEST((Deeds{program + "; sync(disk)"}.contents("b/c") == Contents{"one"}));
}

BOOST_AUTO_TEST_CASE(is_the_same_for_the_same_seed_and_may_come_after_any_record) {
  const PowerLoss loss =
      Deeds{"f = new(disk + '/old'); os.write(f, b'new'); os.fsync(f); os.write(f, b'!')"}.loss();
  BOOST_TEST(loss.records() == 4u);
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    BOOST_TEST((loss.image(4, seed) == loss.image(4, seed)));
    BOOST_TEST(*loss.image(1, seed).at("old") == "old");
    BOOST_TEST(*loss.image(3, seed).at("old") == "new");
  }
}

BOOST_AUTO_TEST_CASE(of_a_faulty_disk_comes_after_calls_that_failed_as_told_and_are_counted) {
  const Deeds deeds{
      "f = new(disk + '/old')\n"
      "for i in range(4):\n"
      " try: os.pwrite(f, b'12', 2 * i)\n"
      " except OSError as error: print(i, error)\n"
      "os.fsync(f)",
      DiskFault{.call = disk_write, .first = 2, .times = 2, .error = ENOSPC}};
  BOOST_TEST(deeds.disk().calls(disk_write) == 4u);
  BOOST_TEST(deeds.disk().failed() == 2u);
  constexpr std::string_view torn{
      "121\0"
      "1\0"
      "12",
      8};
  BOOST_TEST((deeds.contents("old") == Contents{std::string{torn}}));
}

BOOST_AUTO_TEST_SUITE_END()
