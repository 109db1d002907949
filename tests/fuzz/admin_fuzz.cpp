/// The pages of administration over two modules with dead letters: lines "METHOD target", which are asked one
/// after the other. Each is answered once with what can be sent.
#include <optional>

#include "banyan/gateway/gateway.hpp"
#include "banyan/json/parse.hpp"
#include "banyan/testing/sample.hpp"
#include "banyan/testing/world.hpp"
#include "fuzz.hpp"
#include "gateway/src/routes.hpp"
#include "host/src/admin.hpp"
#include "http/src/answer_writer.hpp"

namespace {

using namespace banyan;
using message::Kind;

using Counted = testing::Sample<"counter.counted.v1", Kind::event>;
using Added = testing::Sample<"counter.added.v1", Kind::reply>;
using Add = testing::Sample<"counter.add.v1", Kind::command, Added>;

module::Module counter() {
  static const message::Descriptor* const messages[] = {&Add::descriptor(), &Added::descriptor(),
                                                        &Counted::descriptor()};
  return module::Module{"counter", messages}.handles<Add>(
      [](Tx& tx, const Add& command, const Context&) -> Result<Added> {
        tx.publish(Counted{.key = command.key, .number = command.number});
        return Added{.key = command.key};
      });
}

/// Takes in nothing, so that it has dead letters.
module::Module mirror() {
  return module::Module{"mirror", {}}
      .on<Counted>([](Tx&, const Counted&, const Context&) -> Status {
        return Error{Errc::rejected, "mirror.broken", "as it was told"};
      })
      .projects<Counted>([](Tx&, const Counted&, const Context&) { return success(); });
}

class Sink final : public http::AnswerSink {
 public:
  explicit Sink(std::vector<http::Response>& to) : to_(to) {}
  void answer(http::Response response) noexcept override { to_.push_back(std::move(response)); }

 private:
  std::vector<http::Response>& to_;
};

class Site {
 public:
  Site() : world_{{counter(), mirror()}, {.instance = one_attempt()}} {
    const host::Instances instances{&world_.instance("counter"), &world_.instance("mirror")};
    pages_ = host::parked_pages(instances);
    for (gateway::Page& page : host::rewind_pages(instances)) pages_.push_back(std::move(page));
    pages_.push_back(host::saga_page(instances));
    for (std::size_t i = 0; i < pages_.size(); ++i) routes_.add(pages_[i].method, pages_[i].path, i);
    for (int i = 0; i < 3; ++i) static_cast<void>(world_.call(Add{.key = "k" + std::to_string(i)}));
  }

  void ask(std::string_view method, std::string_view target) {
    const std::string_view path = target.substr(0, target.find('?'));
    if (!path.starts_with('/')) return;
    const auto match = routes_.find(method, path);
    if (!match) return;
    http::Request request{.method = std::string{method}, .path = std::string{path}};
    request.query = target.substr(std::min(path.size() + 1, target.size()));
    std::vector<http::Response> answers;
    pages_[match->index].serve(request, {match->values.begin(), match->values.end()},
                               http::Responder{std::make_shared<Sink>(answers)});
    world_.settle();
    check(answers);
  }

 private:
  /// A message that fails is a dead letter at once.
  static module::InstanceOptions one_attempt() {
    module::InstanceOptions options = testing::World::default_instance();
    options.retry.attempts_max = 1;
    return options;
  }

  static void check(const std::vector<http::Response>& answers) {
    fuzz::require(answers.size() == 1, "a request is answered once");
    const http::Response& answer = answers.front();
    fuzz::require(http::is_sendable(answer), "the answer can be sent", answer.body);
    const std::string* type = answer.headers.find("Content-Type");
    const bool is_json = type != nullptr && type->find("json") != std::string::npos;
    fuzz::require(!is_json || json::parse(answer.body).ok(), "an answer of JSON is JSON", answer.body);
  }

  testing::World world_;
  std::vector<gateway::Page> pages_;
  gateway::Routes routes_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Site site;  // A new one for each input, which may change it.
  fuzz::Parts parts{data, size};
  for (int i = 0; i < 4 && !parts.at_end(); ++i) {
    const std::string_view line = parts.line();
    const std::size_t space = std::min(line.find(' '), line.size());
    site.ask(line.substr(0, space), line.substr(std::min(space + 1, line.size())));
  }
  return 0;
}
