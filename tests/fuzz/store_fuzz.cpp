/// Messages on their way into a store: a line with the envelope's headers, a line with the type, and the
/// body. Whatever the decoders accept, the log of a producer and the parked messages of a subscriber keep,
/// and give back as it was.
#include "banyan/delivery/age.hpp"
#include "banyan/delivery/outbox.hpp"
#include "banyan/delivery/parked.hpp"
#include "banyan/delivery/schema.hpp"
#include "banyan/message/undecoded.hpp"
#include "banyan/store/database.hpp"
#include "banyan/testing/manual_clock.hpp"
#include "banyan/testing/seeded_random.hpp"
#include "banyan/testing/temporary_directory.hpp"
#include "fuzz.hpp"
#include "moment.hpp"
#include "shop_messages.hpp"

namespace {

using namespace banyan;

/// A store in which nothing stays from one input to the next.
class Scratch {
 public:
  Scratch() {
    store::Options options{.directory = disk_.path() + "/store", .durability = store::Durability::normal};
    options.ballast_bytes = 0;
    options.free_min_bytes = 0;
    database_ = store::Database::open(options, delivery::migrations(), clock_, faults_).value();
    in_transaction(
        [this](store::Transaction& transaction) { outbox_.open(transaction, ids_, clock_.utc()); });
    fuzz::require(database_->commit().ok(), "a log begins");
    outbox_.committed();
  }

  void check(const message::ParcelPtr& parcel) {
    if (message::undecoded(parcel->payload) == nullptr) check_log(parcel);
    check_parked(parcel);
    database_->rollback();
  }

 private:
  template <class Work>
  void in_transaction(Work work) {
    fuzz::require(database_->begin().ok(), "a transaction begins");
    const Status done = database_->attempt([&](store::Transaction& transaction) {
      work(transaction);
      return success();
    });
    fuzz::require(done.ok(), "what is accepted can be stored", done.ok() ? "" : done.error().detail());
  }

  void check_log(const message::ParcelPtr& parcel) {
    in_transaction([&](store::Transaction& transaction) {
      delivery::Outbox outbox = outbox_;
      const delivery::Delivery added =
          outbox.append(transaction, delivery::Emission{parcel}, age_.now(clock_));
      const auto rows = delivery::OutboxReader{transaction, fuzz::registry()}.read(added.seq - 1, {}, age_);
      fuzz::require(rows.ok() && rows.value().size() == 1, "a row can be read back",
                    rows.ok() ? "" : rows.error().detail());
      const delivery::Delivery& row = rows.value().front();
      fuzz::require(row.seq == added.seq && row.hash == added.hash, "a row is where it was put");
      compare(*row.parcel, *parcel);
    });
    database_->rollback();
  }

  static void compare(const message::Parcel& read, const message::Parcel& written) {
    fuzz::require(message::undecoded(read.payload) == nullptr, "a body that was accepted stays accepted",
                  written.payload.to_json());
    fuzz::require(read.payload.to_json() == written.payload.to_json(), "a body is read as it was written",
                  written.payload.to_json());
    fuzz::require(
        message::to_headers(read.envelope, fuzz::now) == message::to_headers(written.envelope, fuzz::now),
        "an envelope is read as it was written", message::to_headers(written.envelope, fuzz::now));
  }

  void check_parked(const message::ParcelPtr& parcel) {
    in_transaction([&](store::Transaction& transaction) {
      delivery::Parked parked;
      parked.open(transaction);
      const delivery::Delivery delivery{.seq = 1, .parcel = parcel, .bytes = 1};
      const Error cause{Errc::rejected, "shop.closed", parcel->envelope.key};
      parked.park(transaction, "orders", delivery, cause, age_.now(clock_), age_.now(clock_).age);
      fuzz::require(parked.is_parked("orders", *parcel) || parcel->envelope.key.empty(), "its key is parked");
      const auto found = delivery::Parked::find(transaction, "orders", 1);
      fuzz::require(found.has_value(), "a parked message can be found");
      fuzz::require(found->headers == message::to_headers(parcel->envelope, fuzz::now),
                    "headers are read as written", found->headers);
      fuzz::require(found->payload == parcel->payload.to_json(), "a body is read as it was written",
                    found->payload);
    });
  }

  testing::TemporaryDirectory disk_;
  testing::ManualClock clock_;
  delivery::StoreAge age_;
  testing::SeededRandom random_{1};
  IdSource ids_{clock_, random_};
  NoFaults faults_;
  delivery::Outbox outbox_;
  std::unique_ptr<store::Database> database_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Scratch scratch;
  fuzz::Parts parts{data, size};
  auto envelope = message::from_headers(parts.line(), fuzz::now);
  if (!envelope.ok()) return 0;
  const std::string_view type = parts.line();
  auto payload = message::decode_or_keep(fuzz::registry().find(type), type, parts.rest());
  scratch.check(std::make_shared<const message::Parcel>(
      message::Parcel{std::move(envelope).value(), std::move(payload)}));
  return 0;
}
