#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <vector>

#include "ask.hpp"
#include "banyan/module/instance.hpp"
#include "banyan/store/reader.hpp"
#include "store_state.hpp"

namespace banyan::module {

/// A module's reading connections, each behind a mailbox of its own; work goes round, some of it at a time.
/// Queries that wait together share one snapshot, which is never older than the oldest of them.
/// Threads: safe. Lifetime: `age`, of the store, lives longer.
class Readers {
 public:
  static Result<std::unique_ptr<Readers>> open(const Module& module, const Environment& environment,
                                               const InstanceOptions& options, const delivery::StoreAge& age,
                                               StoreState& state);

  void submit(Ask ask);
  void inspect(std::function<void(View&)> read, std::function<void(Status)> done);
  std::size_t depth() const;
  void close();

 private:
  struct Seat {
    std::unique_ptr<store::Reader> reader;
    bool has_snapshot = false;
    actor::Address address = {};

    void release() noexcept {
      reader->end();
      has_snapshot = false;
    }
  };

  Readers(const Module& module, const Environment& environment, const delivery::StoreAge& age,
          StoreState& state)
      : module_(module),
        environment_(environment),
        age_(age),
        state_(state),
        log_(environment.log.for_module(module.name())) {}
  Seat& next();
  Result<Payload> answer(Seat& seat, const message::Parcel& parcel) const;
  Result<Payload> answer(Seat& seat, const message::Parcel& parcel, const Context& context) const;
  Status look(Seat& seat, const std::function<Status(View&)>& read) const;
  Status read(Seat& seat, const std::function<Status(View&)>& read) const;

  const Module& module_;
  const Environment& environment_;
  const delivery::StoreAge& age_;
  StoreState& state_;
  const telemetry::Log log_;
  std::vector<std::unique_ptr<Seat>> seats_;
  std::atomic<std::size_t> turn_ = 0;
};

}  // namespace banyan::module
