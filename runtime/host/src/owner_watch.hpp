#pragma once
#include <chrono>
#include <cstdint>
#include <optional>

#include "banyan/base/clock.hpp"
#include "owner_card.hpp"

namespace banyan::host {

/// The calls of an OwnerWatch to others; each returns at once.
class OwnerPort {
 public:
  virtual ~OwnerPort() = default;
  /// Asks those who serve the module. They answer by OwnerWatch::heard(); nobody_serves() or
  /// nobody_answered() is to follow, with this number.
  virtual void ask(std::uint64_t question) = 0;
  /// From now on questions of others come to OwnerWatch::asked().
  virtual void listen() = 0;
  /// Tells all other processes of the module.
  virtual void tell(const OwnerCard& self) = 0;
  /// The module may be served now. Once.
  virtual void admit() = 0;
  /// The module must not be served, or not any more, because of that one. Once, and for good.
  virtual void yield(const OwnerCard& to) = 0;
  /// Another one serves, or has served, besides this one, which goes on.
  virtual void alarm(const OwnerCard& other) = 0;
  /// It is not heard any more.
  virtual void all_clear() = 0;
};

struct OwnerOptions {
  Duration period = std::chrono::seconds{3};  ///< Each owner tells others so often that it is there.
  /// How long one that starts waits for another one that serves to end.
  Duration patience = std::chrono::seconds{5};
  Duration pause = std::chrono::milliseconds{250};  ///< Between two questions.
  /// So long one that waits listens for others that start at the same moment, before it serves.
  Duration settle = std::chrono::milliseconds{50};
};

/// Decides whether this process may serve a module: only if no other one does. It asks before, tells others
/// from then on, and compares what they tell. Of two that serve, as can come about while the broker is away,
/// the one that started later yields. One that has yielded stays so until it is started again: its store
/// lacks what the other one has done meanwhile.
///
/// Without a connection nothing is decided, and who serves goes on.
///
/// Pure logic: whoever owns it calls it from one thread.
class OwnerWatch {
 public:
  OwnerWatch(OwnerCard self, const OwnerOptions& options, const Clock& clock, OwnerPort& port)
      : self_(std::move(self)), options_(options), clock_(clock), port_(port) {}

  void connected();
  void disconnected();
  /// Another process asks who serves.
  void asked();
  void heard(const OwnerCard& card);
  /// Nobody listens to the question.
  void nobody_serves(std::uint64_t question);
  /// Somebody listens, and has said nothing.
  void nobody_answered(std::uint64_t question);
  void tick();

  const OwnerCard& self() const noexcept { return self_; }
  /// It serves, or has yielded.
  bool is_decided() const noexcept { return self_.state != OwnerCard::State::waiting; }
  /// The other one, if there is one that serves, or has served.
  const std::optional<OwnerCard>& other() const noexcept { return other_; }

 private:
  void ask();
  void settle();
  void wait_for(const OwnerCard& other);
  void yield(const OwnerCard& other);
  void meet(const OwnerCard& card);
  void tell();
  bool is_open(std::uint64_t question) const;
  bool has_lost_patience() const;

  OwnerCard self_;
  const OwnerOptions options_;
  const Clock& clock_;
  OwnerPort& port_;

  bool is_connected_ = false;
  bool is_listening_ = false;
  std::uint64_t question_ = 0;         // the last one that was asked
  std::optional<Instant> began_at_;    // when it asked first
  std::optional<Instant> ask_at_;      // when to ask again
  std::optional<Instant> settled_at_;  // when it may serve if nobody speaks up
  Instant tell_at_{};
  std::optional<OwnerCard> other_;
  Instant heard_at_{};  // of the other one
};

}  // namespace banyan::host
