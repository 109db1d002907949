#pragma once
#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "banyan/gateway/gateway.hpp"
#include "banyan/json/parse.hpp"
#include "banyan/testing/sample.hpp"
#include "banyan/testing/world.hpp"
#include "health.hpp"

/// Two modules whose work fails on demand, and what asks the pages that tell of them.
namespace banyan::host {

using message::Kind;
using namespace std::chrono_literals;

using Added = testing::Sample<"counter.added.v1", Kind::reply>;
using Add = testing::Sample<"counter.add.v1", Kind::command, Added>;
using Changed = testing::Sample<"counter.changed.v1", Kind::event>;
using Journey = testing::Sample<"counter.journey.v1", Kind::state>;
using Begun = testing::DomainEvent<"counter.begun.v1">;
using Carried = testing::Sample<"mirror.carried.v1", Kind::reply>;
using Carry = testing::Sample<"mirror.carry.v1", Kind::command, Carried>;

using Return = testing::Sample<"mirror.return.v1", Kind::command, Carried>;

inline std::shared_ptr<const saga::Definition> journey() {
  return saga::Saga<Journey>{"journey"}
      .starts_on<Begun>([](const Begun&) { return Uuid{{std::byte{1}}}; },
                        [](const Begun& begun) { return Journey{.key = begun.key}; })
      .step("carry")
      .sends<Carry>([](const Journey& state) { return Carry{.key = state.key}; })
      .undo<Return>([](const Journey& state) { return Return{.key = state.key}; })
      .deadline(1min)
      .completes([](const auto&...) { return success(); })
      .fails([](const auto&...) { return success(); })
      .build();
}

/// `text` "journey" begins a saga, "DROP TABLE …" breaks the store.
inline module::Module counter() {
  static const message::Descriptor* const messages[] = {&Add::descriptor(), &Added::descriptor(),
                                                        &Changed::descriptor(), &Begun::descriptor()};
  return module::Module{"counter", messages}
      .handles<Add>([](Tx& tx, const Add& command, const Context&) -> Result<Added> {
        if (command.text.starts_with("DROP TABLE ")) tx.execute(command.text);
        if (command.text == "journey") tx.publish(Begun{.key = command.key});
        tx.publish(Changed{.key = command.key, .number = command.number});
        return Added{.key = command.key};
      })
      .runs(journey());
}

inline module::Module mirror(const bool& is_broken) {
  static const message::Descriptor* const messages[] = {&Carry::descriptor(), &Return::descriptor(),
                                                        &Carried::descriptor()};
  return module::Module{"mirror", messages}
      .on<Changed>([&is_broken](Tx&, const Changed&, const Context&) -> Status {
        if (!is_broken) return success();
        return Error{Errc::rejected, "mirror.broken", "as it was told"};
      })
      .projects<Changed>([](Tx&, const Changed&, const Context&) { return success(); })
      .handles<Carry>([](Tx&, const Carry&, const Context&) -> Result<Carried> { return Carried{}; })
      .handles<Return>([](Tx&, const Return&, const Context&) -> Result<Carried> { return Carried{}; });
}

struct Site {
  Site() : world{{counter(), mirror(is_broken)}} {}

  Instances instances() { return {&world.instance("counter"), &world.instance("mirror")}; }
  void add(std::string key, std::string text = {}) {
    static_cast<void>(world.call(Add{.key = std::move(key), .text = std::move(text)}));
  }

  /// The page's answer, when all that follows has happened.
  http::Response ask(const gateway::Page& page, const std::vector<std::string>& values = {},
                     std::string query = {}, http::Headers headers = {}) {
    class Sink final : public http::AnswerSink {
     public:
      explicit Sink(std::optional<http::Response>& to) : to_(to) {}
      void answer(http::Response response) noexcept override { to_ = std::move(response); }

     private:
      std::optional<http::Response>& to_;
    };
    std::optional<http::Response> response;
    page.serve({.method = page.method, .query = std::move(query), .headers = std::move(headers)}, values,
               http::Responder{std::make_shared<Sink>(response)});
    world.settle();
    return response.value();
  }

  bool is_broken = false;
  testing::World world;
};

inline const gateway::Page& find(const std::vector<gateway::Page>& pages, std::string_view path) {
  return *std::find_if(pages.begin(), pages.end(),
                       [&](const gateway::Page& page) { return page.path == path; });
}

}  // namespace banyan::host
