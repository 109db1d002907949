#define BOOST_TEST_MODULE backup_manifest
#include "manifest.hpp"

#include <boost/test/unit_test.hpp>

using namespace banyan;
using namespace banyan::backup;

namespace {

Manifest sample() {
  Manifest manifest{.id = parse_uuid("0193a7a0-0000-7000-8000-000000000001").value(),
                    .version = "0.1.0",
                    .made_at = parse_rfc3339("2026-11-30T12:00:00Z").value()};
  manifest.copies.push_back({.module = "orders",
                             .file = "orders.db",
                             .bytes = 4096,
                             .sha256 = std::string(64, 'a'),
                             .epoch = parse_uuid("0193a7a0-0000-7000-8000-000000000002").value(),
                             .head = 17});
  return manifest;
}

std::string with(const std::string& what, const std::string& instead) {
  std::string text = to_json(sample());
  const std::size_t at = text.find(what);
  BOOST_REQUIRE(at != text.npos);
  return text.replace(at, what.size(), instead);
}

std::string refusal_of(const std::string& text) {
  const auto manifest = parse_manifest(text);
  return manifest.ok() ? "" : manifest.error().reason();
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_manifest_is_read_as_it_was_written) {
  const auto read = parse_manifest(to_json(sample()));

  BOOST_REQUIRE(read.ok());
  BOOST_TEST(to_json(read.value()) == to_json(sample()));
  BOOST_TEST(read.value().find("orders")->head == 17u);
  BOOST_TEST(read.value().find("stock") == nullptr);
}

BOOST_AUTO_TEST_CASE(one_of_a_newer_format_is_for_a_newer_program) {
  BOOST_TEST(refusal_of(with("\"format\":1", "\"format\":2")) == "backup.newer_format");
}

BOOST_AUTO_TEST_CASE(one_that_lacks_something_or_leads_out_of_its_folder_is_bad) {
  for (const std::string& text :
       {std::string{}, std::string{"{}"}, std::string{"[]"}, to_json(sample()).substr(0, 100),
        with("\"format\":1", "\"format\":0"), with("orders.db", "../orders.db"),
        with("orders.db", "/etc/passwd"), with("\"orders\"", "\"\""), with("\"head\":17", "\"head\":-1"),
        with("\"bytes\":4096", "\"bytes\":\"4096\""), with("0193a7a0-0000-7000-8000-000000000002", "none"),
        with(std::string(64, 'a'), "")}) {
    BOOST_TEST(refusal_of(text) == "backup.bad_manifest", text);
  }
}
