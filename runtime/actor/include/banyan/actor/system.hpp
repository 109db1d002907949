#pragma once
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "banyan/base/clock.hpp"

namespace banyan::actor {

/// One piece of work for an actor: run once, on the actor's turn. Move-only closures are welcome.
class Task {
 public:
  virtual ~Task() = default;
  virtual void run() = 0;
};
using TaskPtr = std::shared_ptr<Task>;

template <class F>
TaskPtr make_task(F&& work) {
  class Closure final : public Task {
   public:
    explicit Closure(F&& f) : work_(std::forward<F>(f)) {}
    void run() override { work_(); }

   private:
    std::decay_t<F> work_;
  };
  return std::make_shared<Closure>(std::forward<F>(work));
}

/// An actor as others see it: a bounded mailbox whose tasks run one at a time, in the order of posting.
/// Copyable reference. Threads: safe.
class Address {
 public:
  Address() = default;
  explicit operator bool() const noexcept { return impl_ != nullptr; }

  /// Puts `work` at the mailbox's end. False, and nothing is kept, if the mailbox is full or the actor is
  /// closed.
  template <class F>
  [[nodiscard]] bool try_post(F&& work) const {
    return reserve() && enqueue(make_task(std::forward<F>(work)));
  }

  /// The same without the bound: for traffic that something else bounds (credit, a timer, one message a
  /// commit). False only if the actor is closed.
  template <class F>
  bool post(F&& work) const {
    count();
    return enqueue(make_task(std::forward<F>(work)));
  }

  /// Posts `work` once `delay` has passed; dropped if the actor is closed by then.
  template <class F>
  void post_after(Duration delay, F&& work) const {
    enqueue_after(delay, make_task(std::forward<F>(work)));
  }

  /// Tasks that wait or run now.
  std::size_t depth() const noexcept;

  /// Runs what was posted before, refuses what comes later, and returns when nothing of the actor runs any
  /// more. Not from a task of an actor. A second call returns at once.
  void close() const;

 private:
  friend class System;
  struct Impl;
  explicit Address(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
  bool reserve() const noexcept;
  void count() const noexcept;
  bool enqueue(TaskPtr task) const;
  void enqueue_after(Duration delay, TaskPtr task) const;

  std::shared_ptr<Impl> impl_;
};

struct SpawnOptions {
  std::size_t mailbox_max = 16'384;  ///< try_post refuses above this many waiting tasks.
  bool own_thread = false;           ///< For actors that block (disk, network); others share the workers.
  /// Runs after the tasks that were in the mailbox when the first of them was taken: the end of a burst.
  /// Everything in a burst was posted before the burst's first task ran.
  std::function<void()> after_burst = nullptr;
};

/// Owns the scheduler; runs every actor of a process.
/// Threads: safe. Lifetime: outlives its Addresses' use; its destructor closes what is still open.
class System {
 public:
  struct Options {
    std::size_t worker_count = 0;  ///< Threads that pooled actors share. 0: one per core, at least 2.
    /// Nothing runs until run(), and time stands still until advance(): for tests and simulation. Everything
    /// belongs to the thread that made the system; what other threads post is taken in by run().
    bool manual = false;
    /// Told of an exception that left a task. The actor goes on with the next task.
    std::function<void(std::string_view actor, std::string_view what)> on_exception = nullptr;
  };

  explicit System(Options options);
  ~System();
  System(const System&) = delete;
  System& operator=(const System&) = delete;

  Address spawn(std::string name, SpawnOptions options = {});

  /// Manual mode only: runs until every mailbox is empty; how many tasks ran.
  std::size_t run();
  /// Manual mode only: moves time on, which posts the delayed tasks that are due; run() runs them.
  void advance(Duration time);
  /// Manual mode only: blocks until another thread has posted something; false if none has for so long.
  bool wait(Duration timeout);

 private:
  friend class Address;
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace banyan::actor
