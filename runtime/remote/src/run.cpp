#include "run.hpp"

#include <utility>

#include "banyan/base/numbers.hpp"
#include "headers.hpp"

namespace banyan::remote {
namespace {

// The place of a message in its run.
std::optional<std::uint64_t> index_of(const nats::Message& raw) {
  const auto text = raw.headers.find(to_text(Name::run));
  return text ? parse_count(*text) : std::nullopt;
}

bool is_full(std::size_t count, std::size_t bytes) { return count >= run_max || bytes >= run_bytes_max; }

// Behind the last message of the run that begins there.
std::size_t end_of_run(const std::vector<Encoded>& messages, std::size_t begin) {
  std::size_t end = begin;
  for (std::size_t bytes = 0; end < messages.size() && !is_full(end - begin, bytes); ++end) {
    bytes += messages[end].body.size();
  }
  return end;
}

}  // namespace

void RunDigest::add(const nats::Headers& headers, std::string_view body) {
  const HeaderReader in{headers};
  for (std::size_t i = 0; i < name_count; ++i) {
    const auto name = static_cast<Name>(i);
    if (name != Name::signature) all_.add(in.plain(name));
  }
  all_.add(body);
}

Status sign_runs(std::vector<Encoded>& messages, std::string_view subject, const Signer& signer) {
  Status outcome = success();
  for (std::size_t begin = 0, end = 0; begin < messages.size(); begin = end) {
    end = end_of_run(messages, begin);
    RunDigest digest{subject};
    for (std::size_t i = begin; i < end; ++i) {
      messages[i].headers.add(to_text(Name::run), std::to_string(i - begin));
      digest.add(messages[i].headers, messages[i].body);
    }
    const auto signature = signer(digest.text());
    if (signature.ok()) {
      messages[end - 1].headers.add(to_text(Name::signature), signature.value());
    } else {
      outcome = signature.error();
    }
  }
  return outcome;
}

bool Run::begins(const nats::Message& raw) { return index_of(raw) == std::uint64_t{0}; }

Run::State Run::take(Place place, Decoded message, const nats::Message& raw) {
  const auto index = index_of(raw);
  const bool follows = index == held_.size();
  held_bytes_ += raw.data.size();
  held_.push_back({std::move(place), std::move(message)});
  if (!index) return forged({Errc::rejected, "security.unauthenticated", "not in a run"});
  if (!follows) return State::broken;
  if (held_.size() == 1) digest_.emplace(subject_);
  digest_->add(raw.headers, raw.data);
  const auto signature = raw.headers.find(to_text(Name::signature));
  if (!signature && !is_full(held_.size(), held_bytes_)) return State::open;
  return check(signature.value_or(std::string_view{}));
}

Run::State Run::check(std::string_view signature) {
  const auto signer = verifier_(signature, digest_->text());
  if (!signer.ok()) return forged(signer.error());
  if (signer.value() == producer_) return State::believable;
  return forged({Errc::rejected, "security.unauthenticated", "signed by " + signer.value()});
}

Run::State Run::forged(Error why) {
  why_ = std::move(why);
  return State::forged;
}

std::vector<Run::Held> Run::release() {
  digest_.reset();
  held_bytes_ = 0;
  return std::exchange(held_, {});
}

}  // namespace banyan::remote
