#define BOOST_TEST_MODULE telemetry_async_log_sink
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "banyan/telemetry/log_sinks.hpp"

using namespace banyan;
using namespace banyan::telemetry;

namespace {

struct Fixture {
  Fixture() {
    std::string pattern = (std::filesystem::temp_directory_path() / "banyan-log-XXXXXX").string();
    folder = ::mkdtemp(pattern.data());
    path = (folder / "log").string();
  }
  ~Fixture() { std::filesystem::remove_all(folder); }

  std::vector<std::string> lines() const {
    std::ifstream file{path};
    std::vector<std::string> all;
    for (std::string line; std::getline(file, line);) all.push_back(line);
    return all;
  }

  std::filesystem::path folder;
  std::string path;
};

std::unique_ptr<AsyncLogSink> open_sink(const std::string& path, std::size_t queue_max = 4'096) {
  return AsyncLogSink::open({.destination = path, .queue_max = queue_max}).value();
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(async_log_sink, Fixture)

BOOST_AUTO_TEST_CASE(writes_all_lines_in_order_before_it_ends) {
  {
    const auto sink = open_sink(path);
    for (int i = 0; i < 1'000; ++i) sink->write("{\"i\":" + std::to_string(i) + "}");
    BOOST_TEST(sink->lost() == 0U);
  }
  const auto written = lines();
  BOOST_REQUIRE_EQUAL(written.size(), 1'000U);
  BOOST_TEST(written.front() == "{\"i\":0}");
  BOOST_TEST(written.back() == "{\"i\":999}");
}

BOOST_AUTO_TEST_CASE(takes_braces_and_percent_signs_as_they_are) {
  open_sink(path)->write(R"({"message":"{} %v %n {0}"})");
  BOOST_TEST(lines().at(0) == R"({"message":"{} %v %n {0}"})");
}

BOOST_AUTO_TEST_CASE(appends_to_a_file_that_only_its_owner_can_read) {
  open_sink(path)->write("first");
  open_sink(path)->write("second");
  BOOST_TEST((lines() == std::vector<std::string>{"first", "second"}));
  struct stat facts {};
  BOOST_REQUIRE(::stat(path.c_str(), &facts) == 0);
  BOOST_TEST((facts.st_mode & 0777) == 0600);
}

BOOST_AUTO_TEST_CASE(drops_and_counts_the_oldest_lines_when_the_destination_does_not_keep_up) {
  BOOST_REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  const int reader = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  BOOST_REQUIRE(reader >= 0);
  auto sink = open_sink(path, 16);
  const std::string line(1'000, 'x');

  for (int i = 0; i < 2'000; ++i) sink->write(line);  // 2 MB into a pipe of 64 KiB that nobody reads

  BOOST_TEST(sink->lost() > 0U);
  std::jthread drain{[&](const std::stop_token& stop) {
    ::fcntl(reader, F_SETFL, O_NONBLOCK);
    std::array<char, 4'096> buffer;
    while (!stop.stop_requested()) {
      if (::read(reader, buffer.data(), buffer.size()) < 0) std::this_thread::yield();
    }
  }};
  sink.reset();
  drain.request_stop();
  drain.join();
  ::close(reader);
}

BOOST_AUTO_TEST_CASE(counts_the_lines_that_the_destination_refuses) {
  const auto sink = open_sink("/dev/full");
  sink->write("x");
  while (sink->lost() == 0) std::this_thread::yield();
  BOOST_TEST(sink->lost() == 1U);
}

BOOST_AUTO_TEST_CASE(refuses_a_file_that_cannot_be_opened) {
  const auto sink = AsyncLogSink::open({.destination = (folder / "none" / "log").string()});
  BOOST_REQUIRE(!sink.ok());
  BOOST_TEST((sink.error() == Error{Errc::unavailable, "telemetry.log_file"}));
  BOOST_TEST(sink.error().detail().find("No such file or directory") != std::string::npos);
  BOOST_TEST(!AsyncLogSink::open({.destination = folder.string()}).ok());
}

BOOST_AUTO_TEST_CASE(opens_the_standard_streams) {
  BOOST_TEST(AsyncLogSink::open({.destination = "stderr"}).ok());
  BOOST_TEST(AsyncLogSink::open({.destination = "stdout"}).ok());
}

BOOST_AUTO_TEST_SUITE_END()
