#include "read_contract.hpp"
namespace banyan::contractc {
void read_openapi(Contract&, Problems&) {}
}  // namespace banyan::contractc
