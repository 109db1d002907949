#include "banyan/saga/saga.hpp"

namespace banyan::saga {

std::shared_ptr<const Definition> checked(Definition definition) {
  BANYAN_ASSERT(definition.starts_on != nullptr);
  BANYAN_ASSERT(!definition.steps.empty());
  BANYAN_ASSERT(definition.completes && definition.fails);
  for (const Step& step : definition.steps) {
    BANYAN_ASSERT(step.command);
    BANYAN_ASSERT(static_cast<bool>(step.undo) != !step.irreversible_because.empty());
    BANYAN_ASSERT(step.attempts_max >= 1 && step.within > Duration::zero());
  }
  for (std::size_t i = definition.pivot; i < definition.steps.size(); ++i) {
    BANYAN_ASSERT(!definition.steps[i].undo);
  }
  return std::make_shared<const Definition>(std::move(definition));
}

}  // namespace banyan::saga
