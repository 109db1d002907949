#pragma once
#include "northwind.hpp"

namespace acceptance {

/// A small shop of our own, for tests that run it very often: three customers, four products whose stock runs
/// out on the way, and from five orders on some of all kinds: confirmed, out of stock, card declined.
Stream small_stream(int orders);

}  // namespace acceptance
