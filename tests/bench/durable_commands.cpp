// Commands that leave a row of state, a row of the outbox and a stored answer, all on disk before the caller
// hears of it, against a bare loop that writes the same rows.
#include "bench.hpp"
#include "ledger.hpp"
#include "pipeline.hpp"
#include "process.hpp"
#include "raw_database.hpp"

namespace {

using namespace banyan;
using namespace bench;

constexpr std::size_t in_flight = 1024;
constexpr std::size_t batch = 256;
const std::string fingerprint(64, 'f');  // as long as security::fingerprint makes them

ledger::Record command(std::size_t number) {
  return {.key = "account-" + std::to_string(number % 1000),
          .number = static_cast<std::int64_t>(number),
          .text = "a transfer"};
}

double commands_per_second(std::size_t count) {
  Process process;
  const auto instance = process.open(ledger::module());
  instance->start();
  const auto start = std::chrono::steady_clock::now();
  run_pipelined(count, in_flight, [&](std::size_t number, auto done) {
    message::CallOptions options = process.call_options();
    options.idempotency = message::Idempotency{to_string(options.envelope.id), fingerprint};
    message::call<ledger::Recorded>(instance->endpoint(), command(number), options,
                                    [done](const Result<ledger::Recorded>& answered) {
                                      BANYAN_ASSERT(answered.ok());
                                      done();
                                    });
  });
  return rate(count, start);
}

/// The statements that the module's commands come to, on tables that the runtime has made, with texts as long
/// as the runtime's.
class RawLedger {
 public:
  RawLedger(Process& process, const std::string& directory)
      : process_(process), database_(directory + "/store.db") {
    message::Envelope envelope = process.call_options().envelope;
    envelope.causation_id = envelope.id;
    envelope.key = sample_.key;
    headers_ = message::to_headers(envelope, process_.clock().now());
  }

  void write(std::size_t number) {
    const Uuid id = process_.ids().next();
    const auto now = process_.clock().utc().time_since_epoch().count();
    entry_(id, sample_.key, static_cast<std::int64_t>(number), now);
    outbox_(ledger::EntryAdded::descriptor().type, now, headers_, payload_, id);
    answer_(to_string(id), fingerprint, ledger::Recorded::descriptor().type, answer_text_, now);
  }

  void begin() { begin_(); }
  void commit() { commit_(); }

 private:
  Process& process_;
  const ledger::Record sample_ = command(123'456);
  const std::string payload_ =
      message::Payload::of(ledger::EntryAdded{sample_.key, sample_.number, sample_.text}).to_json();
  const std::string answer_text_ =
      message::Payload::of(ledger::Recorded{sample_.key, sample_.number}).to_json();
  std::string headers_;
  RawDatabase database_;
  RawStatement begin_{database_, "BEGIN IMMEDIATE"};
  RawStatement commit_{database_, "COMMIT"};
  RawStatement entry_{database_, ledger::insert_entry};
  RawStatement outbox_{
      database_,
      "INSERT INTO banyan_outbox (type, created_at, headers, payload, hash) VALUES (?1, ?2, ?3, ?4, ?5)"};
  RawStatement answer_{database_,
                       "INSERT INTO banyan_answer (principal, key, fingerprint, type, answer, age) "
                       "VALUES ('', ?1, ?2, ?3, ?4, ?5)"};
};

double raw_commands_per_second(std::size_t count, std::size_t per_commit) {
  Process process;
  process.open(ledger::module());  // makes the tables
  RawLedger raw{process, process.directory_of("ledger")};
  const auto start = std::chrono::steady_clock::now();
  for (std::size_t number = 0; number < count;) {
    raw.begin();
    for (std::size_t end = std::min(count, number + per_commit); number < end; ++number) raw.write(number);
    raw.commit();
  }
  return rate(count, start);
}

}  // namespace

int main(int argc, char** argv) {
  const Options options = parse_options(argc, argv);
  const std::size_t count = options.pick(2'000, 200'000, 1'000'000);
  const auto ours = [&] { return commands_per_second(count); };
  report("durable_commands", "commands/s",
         compare(options, ours, [&] { return raw_commands_per_second(count, batch); }), {0.5});
  report("durable_commands, one commit each", "commands/s",
         compare(options, ours, [&] { return raw_commands_per_second(count / 100, 1); }), {20});
}
