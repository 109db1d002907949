#include "banyan/backup/check.hpp"

#include <unistd.h>

#include <cinttypes>
#include <cstdio>
#include <map>
#include <memory>
#include <optional>

#include "banyan/delivery/audit.hpp"
#include "banyan/delivery/inbox.hpp"
#include "banyan/store/maintenance.hpp"
#include "banyan/store/reader.hpp"

namespace banyan::backup {
namespace {

/// Of one snapshot: a long one would keep the write-ahead log of a running module from starting over.
constexpr std::int64_t page_rows = 256;
/// With the largest payloads a page is a quarter of a GiB.
constexpr Duration page_time_max = std::chrono::minutes{1};

/// The place to look at first, and the document that tells how to go on.
std::string next_step(const ModuleStore& store, const std::string& query) {
  return "; look: sqlite3 -readonly " + store.options.directory + "/" + store.options.file_name + " \"" +
         query + "\", then docs/how-to/back-up.md, 'When a check finds something'";
}

/// On a terminal, how far a log that takes its time was read.
class Progress {
 public:
  explicit Progress(const std::string& module) : module_(module) {}
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void tell(std::uint64_t seq) {
    if (!is_terminal_ || ++pages_ % 64 != 0) return;
    std::fprintf(stderr, "\r%s: row %" PRIu64, module_.c_str(), seq);
    is_shown_ = true;
  }
  void clear() {
    if (std::exchange(is_shown_, false)) std::fputs("\r\033[K", stderr);
  }

 private:
  const std::string& module_;
  bool is_terminal_ = ::isatty(STDERR_FILENO) != 0;
  bool is_shown_ = false;
  std::size_t pages_ = 0;
};

/// A reader for short snapshots.
Result<std::unique_ptr<store::Reader>> open_reader(store::Options options, const Clock& clock) {
  options.read_age_max = page_time_max;
  return store::Reader::open(options, clock);
}

using Positions = std::map<std::string, delivery::Position>;

/// One store as it is checked.
class Check {
 public:
  Check(const ModuleStore& store, const Clock& clock, const std::function<void(const std::string&)>& complain)
      : store_(store), clock_(clock), complain_(complain) {}

  Status file() const;
  Status log();
  Status positions(std::span<const ModuleStore> all);
  bool found_something() const noexcept { return found_something_; }

 private:
  void report(const Error& why, const std::string& next);
  Result<Positions> read_positions() const;
  Result<std::optional<Error>> misplacement(const ModuleStore& producer,
                                            const delivery::Position& position) const;

  const ModuleStore& store_;
  const Clock& clock_;
  const std::function<void(const std::string&)>& complain_;
  bool found_something_ = false;
};

void Check::report(const Error& why, const std::string& next) {
  complain_(store_.module + ": " + why.reason() + ": " + why.detail() + next);
  found_something_ = true;
}

Status Check::file() const {
  const auto problems = store::integrity_problems(store_.options);
  if (!problems.ok()) return problems.error();
  if (problems.value().empty()) return success();
  return Error{Errc::data_loss, "store.corrupt", problems.value().front()};
}

Status Check::log() {
  auto reader = open_reader(store_.options, clock_);
  if (!reader.ok()) return reader.error();
  Progress progress{store_.module};
  delivery::LogAudit audit{[&](const delivery::BrokenRows& rows) {
    progress.clear();
    report(rows.why,
           next_step(store_, "SELECT * FROM banyan_outbox WHERE seq BETWEEN " +
                                 std::to_string(rows.first - 1) + " AND " + std::to_string(rows.last + 1)));
  }};
  for (bool more = true; more; progress.tell(audit.seq())) {
    const Status read =
        reader.value()->read([&](store::ReadTransaction& log) { more = audit.advance(log, page_rows); });
    if (!read.ok()) return read;
  }
  return success();
}

Result<Positions> Check::read_positions() const {
  auto reader = open_reader(store_.options, clock_);
  if (!reader.ok()) return reader.error();
  Positions positions;
  const Status read = reader.value()->read([&](store::ReadTransaction& transaction) {
    delivery::Inbox inbox;
    inbox.open(transaction);
    for (const std::string& producer : inbox.producers()) positions[producer] = inbox.position(producer);
  });
  if (!read.ok()) return read.error();
  return positions;
}

Result<std::optional<Error>> Check::misplacement(const ModuleStore& producer,
                                                 const delivery::Position& position) const {
  auto reader = open_reader(producer.options, clock_);
  if (!reader.ok()) return reader.error();
  std::optional<Error> why;
  const Status read = reader.value()->read(
      [&](store::ReadTransaction& log) { why = delivery::misplacement(log, store_.module, position); });
  if (!read.ok()) return read.error();
  return why;
}

// The positions first: a log that is read later has all that they were in. One that moves meanwhile is of a
// link at work, which holds it against the log itself.
Status Check::positions(std::span<const ModuleStore> all) {
  const auto before = read_positions();  // a producer stays in it for good
  if (!before.ok()) return before.error();
  for (const ModuleStore& producer : all) {
    const auto position = before.value().find(producer.module);
    if (position == before.value().end()) continue;
    const auto why = misplacement(producer, position->second);
    if (!why.ok()) return why.error();
    if (!why.value()) continue;
    const auto now = read_positions();
    if (!now.ok()) return now.error();
    if (now.value().at(producer.module) != position->second) continue;
    report(*why.value(),
           " (log of " + producer.module + ")" +
               next_step(store_, "SELECT seq, hex(epoch), hex(hash) FROM banyan_inbox WHERE producer = '" +
                                     producer.module + "'"));
  }
  return success();
}

}  // namespace

bool is_whole(const ModuleStore& store, std::span<const ModuleStore> all, const Clock& clock,
              const std::function<void(const std::string&)>& complain) {
  Check check{store, clock, complain};
  Status done = check.file();
  if (done.ok()) done = check.log();
  if (done.ok()) done = check.positions(all);
  if (!done.ok()) complain(store.module + ": " + done.error().reason() + ": " + done.error().detail());
  return done.ok() && !check.found_something();
}

}  // namespace banyan::backup
