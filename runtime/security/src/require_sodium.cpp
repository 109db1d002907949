#include "require_sodium.hpp"

#include <sodium.h>

#include "banyan/base/assert.hpp"

namespace banyan::security {

void require_sodium() { BANYAN_ASSERT(sodium_init() >= 0); }

}  // namespace banyan::security
