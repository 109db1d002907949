#include <atomic>
#include <caf/all.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <condition_variable>
#include <functional>
#include <future>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "banyan/actor/system.hpp"
#include "banyan/base/assert.hpp"

namespace banyan::actor {
namespace {

struct BurstEnd {};
struct Close {};

// A task that waits for its time, not in the mailbox: it takes no place there.
struct Delayed {
  TaskPtr task;
};

}  // namespace
}  // namespace banyan::actor

// In process only: none of these reaches CAF's wire format.
namespace caf {
template <>
struct allowed_unsafe_message_type<banyan::actor::TaskPtr> : std::true_type {};
template <>
struct allowed_unsafe_message_type<banyan::actor::BurstEnd> : std::true_type {};
template <>
struct allowed_unsafe_message_type<banyan::actor::Close> : std::true_type {};
template <>
struct allowed_unsafe_message_type<banyan::actor::Delayed> : std::true_type {};
}  // namespace caf

namespace banyan::actor {

struct Address::Impl {
  std::string name;
  SpawnOptions options;
  System::Impl* system = nullptr;
  caf::actor handle;
  bool in_burst = false;  // the actor's own
  std::atomic<std::size_t> depth{0};
  std::atomic<bool> is_open{true};
  std::promise<void> ended;
  std::shared_future<void> end{ended.get_future()};
};

struct System::Impl {
  Options options;
  caf::actor_system_config config;
  std::unique_ptr<caf::actor_system> system;
  std::mutex mutex;
  std::vector<std::shared_ptr<Address::Impl>> spawned;  // guarded by mutex

  // Manual mode: its scheduler is for one thread, so what others post waits here.
  const std::thread::id owner = std::this_thread::get_id();
  std::condition_variable has_posts;
  std::vector<std::function<void()>> posts;  // guarded by mutex

  bool is_foreign() const { return options.manual && std::this_thread::get_id() != owner; }

  void leave(std::function<void()> post) {
    {
      const std::lock_guard lock{mutex};
      posts.push_back(std::move(post));
    }
    has_posts.notify_one();
  }

  bool take_in() {
    std::vector<std::function<void()>> taken;
    {
      const std::lock_guard lock{mutex};
      taken.swap(posts);
    }
    for (const auto& post : taken) post();
    return !taken.empty();
  }

  caf::scheduler::test_coordinator& manual() {
    BANYAN_ASSERT(options.manual);
    return dynamic_cast<caf::scheduler::test_coordinator&>(system->scheduler());
  }

  // An exception that reaches CAF would end the actor.
  template <class F>
  void guard(const Address::Impl& actor, F&& work) {
    try {
      work();
    } catch (const std::exception& e) {
      if (options.on_exception) options.on_exception(actor.name, e.what());
    } catch (...) {
      if (options.on_exception) options.on_exception(actor.name, "not a std::exception");
    }
  }
};

namespace {

template <class Actor, class SystemImpl>
caf::behavior behave(caf::event_based_actor* self, std::shared_ptr<Actor> actor, SystemImpl* system) {
  const auto run = [=](const TaskPtr& task) {
    if (actor->options.after_burst && !actor->in_burst) {
      // Queued before the first task runs, so what runs before it was posted earlier still.
      actor->in_burst = true;
      self->send(self, BurstEnd{});
    }
    system->guard(*actor, [&] { task->run(); });
    actor->depth.fetch_sub(1, std::memory_order_relaxed);
  };
  return {
      run,
      [=](const Delayed& delayed) {
        actor->depth.fetch_add(1, std::memory_order_relaxed);
        run(delayed.task);
      },
      [=](BurstEnd) {
        actor->in_burst = false;
        system->guard(*actor, actor->options.after_burst);
      },
      [=](Close) {
        if (actor->in_burst) {
          self->send(self, Close{});  // after the BurstEnd that is on its way
          return;
        }
        actor->ended.set_value();
        self->quit();
      },
  };
}

std::size_t worker_count(std::size_t wanted) {
  return wanted > 0 ? wanted : std::max<std::size_t>(2, std::thread::hardware_concurrency());
}

}  // namespace

bool Address::reserve() const noexcept {
  if (impl_->depth.fetch_add(1, std::memory_order_relaxed) < impl_->options.mailbox_max) return true;
  impl_->depth.fetch_sub(1, std::memory_order_relaxed);
  return false;
}

void Address::count() const noexcept { impl_->depth.fetch_add(1, std::memory_order_relaxed); }

bool Address::enqueue(TaskPtr task) const {
  if (!impl_->is_open.load(std::memory_order_acquire)) {
    impl_->depth.fetch_sub(1, std::memory_order_relaxed);
    return false;
  }
  if (impl_->system->is_foreign()) {
    impl_->system->leave([self = *this, task = std::move(task)] { self.enqueue(task); });
    return true;
  }
  caf::anon_send(impl_->handle, std::move(task));
  return true;
}

void Address::enqueue_after(Duration delay, TaskPtr task) const {
  if (!impl_->is_open.load(std::memory_order_acquire)) return;
  if (impl_->system->is_foreign()) {
    impl_->system->leave([self = *this, delay, task = std::move(task)] { self.enqueue_after(delay, task); });
    return;
  }
  caf::delayed_anon_send(impl_->handle, delay, Delayed{std::move(task)});
}

std::size_t Address::depth() const noexcept { return impl_->depth.load(std::memory_order_relaxed); }

void Address::close() const {
  if (impl_->system->options.manual) impl_->system->take_in();
  if (impl_->is_open.exchange(false)) caf::anon_send(impl_->handle, Close{});
  if (impl_->system->options.manual) impl_->system->manual().run();
  impl_->end.wait();
}

System::System(Options options) : impl_(std::make_shared<Impl>()) {
  impl_->options = std::move(options);
  if (impl_->options.manual) {
    impl_->config.set("scheduler.policy", caf::atom("testing"));
  } else {
    impl_->config.set("scheduler.max-threads", worker_count(impl_->options.worker_count));
    // Workers that steal look for work again and again, and sleep up to 10 ms between two looks.
    impl_->config.set("scheduler.policy", caf::atom("sharing"));
  }
  impl_->system = std::make_unique<caf::actor_system>(impl_->config);
}

// CAF's own destructor waits for reference counts, and an Address somewhere may still hold one.
System::~System() {
  std::vector<std::shared_ptr<Address::Impl>> all;
  {
    const std::lock_guard lock{impl_->mutex};
    all.swap(impl_->spawned);
  }
  for (const auto& actor : all) Address{actor}.close();
  for (const auto& actor : all) actor->handle = nullptr;
}

Address System::spawn(std::string name, SpawnOptions options) {
  auto actor = std::make_shared<Address::Impl>();
  actor->name = std::move(name);
  actor->options = std::move(options);
  actor->system = impl_.get();
  const bool own_thread = actor->options.own_thread && !impl_->options.manual;
  auto body = behave<Address::Impl, System::Impl>;
  actor->handle = own_thread ? impl_->system->spawn<caf::detached>(body, actor, impl_.get())
                             : impl_->system->spawn(body, actor, impl_.get());
  const std::lock_guard lock{impl_->mutex};
  impl_->spawned.push_back(actor);
  return Address{actor};
}

std::size_t System::run() {
  std::size_t ran = 0;
  do {
    ran += impl_->manual().run();
  } while (impl_->take_in());
  return ran;
}

void System::advance(Duration time) { impl_->manual().advance_time(time); }

bool System::wait(Duration timeout) {
  std::unique_lock lock{impl_->mutex};
  return impl_->has_posts.wait_for(lock, timeout, [this] { return !impl_->posts.empty(); });
}

}  // namespace banyan::actor
