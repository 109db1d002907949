#define BOOST_TEST_MODULE telemetry_process_metrics
#include "banyan/telemetry/process_metrics.hpp"

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <cstdio>

#include "proc_stat.hpp"

using namespace banyan;
using namespace banyan::telemetry;

namespace {

double value_of(const Registry& registry, const std::string& name) {
  const std::string text = registry.render();
  const auto line = text.find("\n" + name + " ");
  BOOST_REQUIRE(line != std::string::npos);
  return std::stod(text.substr(line + name.size() + 2));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(process_metrics)

BOOST_AUTO_TEST_CASE(tell_what_is_plausible_for_this_process) {
  Registry registry;
  const ProcessMetrics process{registry};
  const double now =
      std::chrono::duration<double>{std::chrono::system_clock::now().time_since_epoch()}.count();

  BOOST_TEST(value_of(registry, "process_cpu_seconds_total") >= 0);
  BOOST_TEST(value_of(registry, "process_resident_memory_bytes") > 1e5);
  BOOST_TEST(value_of(registry, "process_virtual_memory_bytes") >
             value_of(registry, "process_resident_memory_bytes"));
  BOOST_TEST(value_of(registry, "process_max_fds") >= value_of(registry, "process_open_fds"));
  BOOST_TEST(value_of(registry, "process_start_time_seconds") > now - 3'600);
  BOOST_TEST(value_of(registry, "process_start_time_seconds") < now + 5);
}

BOOST_AUTO_TEST_CASE(count_open_files) {
  Registry registry;
  const ProcessMetrics process{registry};
  const double before = value_of(registry, "process_open_fds");
  std::FILE* file = std::fopen("/dev/null", "r");
  BOOST_TEST(value_of(registry, "process_open_fds") == before + 1);
  std::fclose(file);
}

BOOST_AUTO_TEST_CASE(end_with_the_object) {
  Registry registry;
  { const ProcessMetrics process{registry}; }
  BOOST_TEST(registry.render() == "");
}

BOOST_AUTO_TEST_CASE(read_the_kernels_text_whatever_the_programs_name) {
  const auto stat = parse_proc_stat(
      "7 (a) b (c)) S 1 7 7 0 -1 4194560 100 0 0 0 30 12 0 0 20 0 3 0 5000 1048576 256 18446744073709551615 "
      "1\n");
  BOOST_REQUIRE(stat.has_value());
  BOOST_TEST(stat->cpu_ticks == 42U);
  BOOST_TEST(stat->start_ticks == 5'000U);
  BOOST_TEST(stat->virtual_bytes == 1'048'576U);
  BOOST_TEST(stat->resident_pages == 256U);
  BOOST_TEST(parse_boot_time("cpu 1 2\nbtime 1767225600\nprocesses 9\n").value() == 1'767'225'600U);
}

BOOST_AUTO_TEST_CASE(do_not_guess_from_other_text) {
  BOOST_TEST(!parse_proc_stat("").has_value());
  BOOST_TEST(!parse_proc_stat("7 (a) S 1 2 3").has_value());
  BOOST_TEST(!parse_proc_stat("7 (a) S 1 7 7 0 -1 4194560 100 0 0 0 x 12 0 0 20 0 3 0 5000 1 2").has_value());
  BOOST_TEST(!parse_boot_time("cpu 1 2\n").has_value());
  BOOST_TEST(!parse_boot_time("btime").has_value());
  BOOST_TEST(!parse_boot_time("btime x").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
