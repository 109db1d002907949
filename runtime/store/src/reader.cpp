#include "banyan/store/reader.hpp"

#include <utility>

#include "banyan/base/assert.hpp"
#include "connection.hpp"
#include "copy.hpp"
#include "directory.hpp"

namespace banyan::store {

struct Reader::Parts {
  Parts(const Options& options, const Clock& clock_)
      : connection(path_of(options, options.file_name), Connection::Role::reader, options),
        clock(clock_),
        age_max(options.read_age_max) {}

  Connection connection;
  Statement begin{connection, "BEGIN", Origin::store};
  Statement rollback{connection, "ROLLBACK", Origin::store};
  const Clock& clock;
  Duration age_max;
};

Result<std::unique_ptr<Reader>> Reader::open(const Options& options, const Clock& clock) {
  try {
    return std::unique_ptr<Reader>{new Reader(std::make_unique<Parts>(options, clock))};
  } catch (const Failure& failure) {
    return failure.error();
  }
}

Reader::Reader(std::unique_ptr<Parts> parts) : parts_(std::move(parts)), transaction_(parts_->connection) {}

Reader::~Reader() = default;

Status Reader::begin() {
  BANYAN_ASSERT(!parts_->connection.in_transaction());
  parts_->connection.forget_transaction_failure();
  if (Status begun = parts_->begin.try_run(); !begun.ok()) return begun;
  parts_->connection.expire_at(parts_->clock.now() + parts_->age_max, parts_->clock);
  return success();
}

void Reader::end() noexcept {
  if (!parts_->connection.in_transaction()) return;
  parts_->connection.never_expire();
  const Status ended = parts_->rollback.try_run();
  BANYAN_ASSERT(ended.ok() || !parts_->connection.in_transaction());
}

Status Reader::read(const std::function<void(ReadTransaction&)>& work) {
  if (Status begun = begin(); !begun.ok()) return begun;
  Status done = success();
  try {
    work(transaction_);
  } catch (const Failure& failure) {
    done = failure.error();
  } catch (...) {
    end();
    throw;
  }
  end();
  return done;
}

Status Reader::copy_to(const std::string& target, const std::function<Status()>& go_on) {
  BANYAN_ASSERT(parts_->connection.in_transaction());
  return copy(parts_->connection.handle(), target, go_on);
}

}  // namespace banyan::store
