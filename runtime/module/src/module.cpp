#include "banyan/module/module.hpp"

namespace banyan::module {

Module& Module::add_command(
    const Descriptor& type,
    std::function<Result<Payload>(Tx&, const Payload&, const Prepared&, const Context&)> run) {
  BANYAN_ASSERT(type.kind == message::Kind::command && type.module == name_);
  const bool is_new = commands_.emplace(&type, CommandHandler{.run = std::move(run)}).second;
  BANYAN_ASSERT(is_new);
  return *this;
}

Module& Module::add_query(const Descriptor& type, QueryHandler handler) {
  BANYAN_ASSERT(type.kind == message::Kind::query && type.module == name_);
  const bool is_new = queries_.emplace(&type, std::move(handler)).second;
  BANYAN_ASSERT(is_new);
  return *this;
}

Module& Module::add_event(const Descriptor& type, EventHandler handler) {
  BANYAN_ASSERT(type.kind == message::Kind::event && (!type.is_domain || type.module == name_));
  events_[&type].push_back(std::move(handler));
  return *this;
}

Module& Module::add_projection(const Descriptor& type, EventHandler handler) {
  BANYAN_ASSERT(type.kind == message::Kind::event && (!type.is_domain || type.module == name_));
  projections_[&type].push_back(std::move(handler));
  return *this;
}

Module& Module::every(Duration period, std::string name, std::function<Status(Tx&, const Context&)> work) {
  BANYAN_ASSERT(period > Duration::zero());
  schedules_.push_back({std::move(name), period, std::move(work)});
  return *this;
}

Module& Module::counts(std::string name, std::function<std::int64_t(View&)> read) {
  counts_.push_back({std::move(name), std::move(read)});
  return *this;
}

Module& Module::runs(std::shared_ptr<const saga::Definition> saga) {
  BANYAN_ASSERT(saga->starts_on->module == name_);
  sagas_.push_back(std::move(saga));
  return *this;
}

Module& Module::hurries(std::function<void()> hurry) {
  hurry_ = std::move(hurry);
  return *this;
}

Module& Module::migrates(std::span<const store::Migration> migrations) {
  migrations_ = migrations;
  return *this;
}

Module& Module::serves(const message::HttpBinding& http) {
  http_ = &http;
  return *this;
}

}  // namespace banyan::module
