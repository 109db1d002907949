#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "banyan/remote/bus.hpp"
#include "banyan/security/fingerprint.hpp"
#include "incoming.hpp"
#include "link_codec.hpp"

namespace banyan::remote {

/// How many messages of a link one signature covers at the most,
inline constexpr std::size_t run_max = 128;
/// and the size of their bodies that ends a run: until the signature is there, they are held in memory.
inline constexpr std::size_t run_bytes_max = 1 << 20;

/// The text that the signature of a run covers: the subject, and of each message every header that is read,
/// and the body. All messages of a run say which one they are (`Banyan-Run`, from 0); the last has the
/// signature.
class RunDigest {
 public:
  explicit RunDigest(std::string_view subject) { all_.add(subject); }
  void add(const nats::Headers& headers, std::string_view body);
  std::string text() const { return all_.text(); }

 private:
  security::Fingerprinter all_;
};

/// Signs messages that follow each other on one link, in runs. What can't be signed goes out without: it will
/// not be believed, and is asked for again. Errors: the signer's, of the last one that failed.
Status sign_runs(std::vector<Encoded>& messages, std::string_view subject, const Signer& signer);

/// Puts the messages of a run together until its signature is there. Pure logic. Threads: one.
class Run {
 public:
  struct Held {
    Place place;
    Decoded message;
  };
  enum class State : std::uint8_t {
    open,        ///< The signature is still to come.
    broken,      ///< The message does not follow: it and what is held will have to come again.
    forged,      ///< The signature is missing where it had to be, or somebody else's, or of something else.
    believable,  ///< All that is held was sent by the producer, in this order.
  };

  /// `subject` is the link's: what was sent on another one is not believed here.
  Run(std::string producer, std::string subject, StatementVerifier verifier)
      : producer_(std::move(producer)), subject_(std::move(subject)), verifier_(std::move(verifier)) {}

  /// True if it is the first one of a run: what is held is of one that was broken off.
  static bool begins(const nats::Message& raw);
  State take(Place place, Decoded message, const nats::Message& raw);
  /// All that is held, which is no more held then.
  std::vector<Held> release();
  /// Why it is forged.
  const Error& why() const { return *why_; }

 private:
  State check(std::string_view signature);
  State forged(Error why);

  std::string producer_;
  std::string subject_;
  StatementVerifier verifier_;
  std::vector<Held> held_;
  std::size_t held_bytes_ = 0;
  std::optional<RunDigest> digest_;
  std::optional<Error> why_;
};

}  // namespace banyan::remote
