#pragma once
#include <span>

#include "banyan/base/clock.hpp"
#include "banyan/base/result.hpp"
#include "banyan/store/migration.hpp"
#include "connection.hpp"

namespace banyan::store {

/// Brings the schema to where `migrations` say; errors as Database::open tells. Throws Failure for what is
/// wrong with the file.
Status migrate(Connection& connection, std::span<const Migration> migrations, const Clock& clock);

}  // namespace banyan::store
