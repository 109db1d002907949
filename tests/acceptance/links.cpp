#include "links.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <stdexcept>

#include "banyan/base/clock.hpp"
#include "banyan/store/reader.hpp"
#include "shop/topology.hpp"

namespace acceptance {
namespace {

using banyan::message::Edge;
using std::string;

struct Row {
  std::uint64_t seq;
  string type;
  string destination;
};

/// The traces of links in one module's store.
struct Traces {
  std::vector<Row> log;
  std::map<string, std::uint64_t> positions;  ///< By producer.
  std::int64_t parked = 0;
};

Traces read_traces(banyan::store::ReadTransaction& tx) {
  Traces traces;
  auto rows = tx.query("SELECT seq, type, json_extract(headers, '$.dst') FROM banyan_outbox ORDER BY seq");
  while (rows.next()) {
    traces.log.push_back({.seq = rows.get<std::uint64_t>(0),
                          .type = rows.get<string>(1),
                          .destination = rows.get<std::optional<string>>(2).value_or("")});
  }
  auto positions = tx.query("SELECT producer, seq FROM banyan_inbox");
  while (positions.next()) traces.positions[positions.get<string>(0)] = positions.get<std::uint64_t>(1);
  traces.parked = tx.find<std::int64_t>("SELECT count(*) FROM banyan_parked").value();
  return traces;
}

Traces read_traces(const string& directory) {
  const banyan::SystemClock clock;
  const banyan::store::Options options{.directory = directory, .read_age_max = std::chrono::minutes{1}};
  auto reader = banyan::store::Reader::open(options, clock);
  if (!reader.ok() || !reader.value()->begin().ok()) throw std::runtime_error(directory + " can't be read");
  Traces traces = read_traces(reader.value()->transaction());
  reader.value()->end();
  return traces;
}

bool is_for(const Edge& edge, const Row& row) {
  if (!row.destination.empty()) return row.destination == edge.to;
  return std::find(edge.messages.begin(), edge.messages.end(), row.type) != edge.messages.end();
}

/// Whether the row of that position was removed, because all had it, and none is left for this edge.
bool is_behind(std::uint64_t position, const std::vector<Row>& log) {
  return !log.empty() && log.front().seq > 1 && position < log.front().seq;
}

std::uint64_t last_for(const Edge& edge, const std::vector<Row>& log) {
  const auto last = std::find_if(log.rbegin(), log.rend(), [&](const Row& row) { return is_for(edge, row); });
  return last == log.rend() ? 0 : last->seq;
}

}  // namespace

std::vector<string> differences_of_links(const string& data_directory) {
  std::map<string, Traces, std::less<>> modules;
  for (const Edge& edge : shop::topology()) {
    const string name{edge.to};
    if (!modules.contains(name)) modules[name] = read_traces(data_directory + "/" + name);
  }
  std::vector<string> differences;
  for (const Edge& edge : shop::topology()) {
    if (edge.messages.empty()) continue;
    const std::vector<Row>& log = modules.at(string{edge.from}).log;
    const std::uint64_t should_be = last_for(edge, log);
    const std::uint64_t is = modules.at(string{edge.to}).positions[string{edge.from}];
    if (is == should_be || (should_be == 0 && is_behind(is, log))) continue;
    differences.push_back(string{edge.to} + " is at " + std::to_string(is) + " of the log of " +
                          string{edge.from} + ", not at " + std::to_string(should_be));
  }
  for (const auto& [name, traces] : modules) {
    if (traces.parked != 0) differences.push_back(name + " has parked " + std::to_string(traces.parked));
  }
  return differences;
}

}  // namespace acceptance
