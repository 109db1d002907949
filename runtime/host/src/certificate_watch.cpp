#include "certificate_watch.hpp"

#include <sys/stat.h>

namespace banyan::host {

using namespace std::chrono_literals;

// Looked at first: files that are replaced meanwhile are seen as changed the next time.
Status CertificateWatch::take() {
  const Files before = files();
  auto checked = pki_.check(identity_, clock_.utc());
  if (!checked.ok()) return checked.error();
  const std::lock_guard lock{mutex_};
  in_use_ = std::move(checked).value();
  taken_ = before;
  warned_at_.reset();
  return success();
}

bool CertificateWatch::has_changed() const {
  const Files now = files();
  const std::lock_guard lock{mutex_};
  return now != taken_;
}

Duration CertificateWatch::left() const {
  const std::lock_guard lock{mutex_};
  return in_use_ ? in_use_->not_after - clock_.utc() : Duration::zero();
}

void CertificateWatch::warn_if_due() {
  const Instant now = clock_.now();
  const std::lock_guard lock{mutex_};
  const bool is_silent = warned_at_ && now - *warned_at_ < 1h;
  if (!in_use_ || !in_use_->is_due(clock_.utc()) || is_silent) return;
  warned_at_ = now;
  log_.warning("certificate ends soon",
               {{"identity", identity_},
                {"until", to_rfc3339(in_use_->not_after)},
                {"next", "banyanctl pki rotate " + identity_ + " --dir " + pki_.path()}});
}

// A file that is replaced as a whole is another file, also within the same tick of the file system's clock.
CertificateWatch::Files CertificateWatch::files() const {
  const auto facts_of = [](const std::string& path) {
    struct stat facts {};
    // One that can't be looked at is another one: reading it tells what is wrong.
    static_cast<void>(::stat(path.c_str(), &facts));
    return File{facts.st_ino, facts.st_mtim.tv_sec, facts.st_mtim.tv_nsec};
  };
  return {facts_of(pki_.authority_file()), facts_of(pki_.file_of(identity_))};
}

}  // namespace banyan::host
