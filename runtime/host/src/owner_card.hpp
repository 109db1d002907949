#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "banyan/base/clock.hpp"
#include "banyan/base/result.hpp"
#include "banyan/base/uuid.hpp"

namespace banyan::host {

/// One process of a module, as it tells the other processes of that module who it is and what it has.
struct OwnerCard {
  enum class State : std::uint8_t {
    waiting,  ///< Is about to serve, unless somebody speaks up.
    serving,
    yielded,  ///< Has its store open, and serves nobody, since another one was there before it.
  };

  Uuid log;          ///< Which store: the epoch of its log. A copy of the store has the same.
  Uuid process;      ///< Which start of which process.
  std::string host;  ///< Name of its machine, at most 255 bytes.
  std::int64_t pid = 0;
  std::string folder;  ///< Its data folder, absolute, at most 4096 bytes.
  Timestamp since{};   ///< When it started, by the clock of its machine.
  State state = State::waiting;

  friend bool operator==(const OwnerCard&, const OwnerCard&) = default;
};

std::string_view to_string(OwnerCard::State state) noexcept;

/// Whether `one` may serve rather than `other`: who serves already comes before who waits, then the earlier
/// start. Everybody who compares the same two cards comes to the same answer.
bool precedes(const OwnerCard& one, const OwnerCard& other) noexcept;

/// "process 4711 on shop-1, data folder /srv/shop, log 0190…, since 2026-11-30T12:00:00.000000Z"
std::string place_of(const OwnerCard& card);

std::string to_json(const OwnerCard& card);
/// Believes nothing. Errors: invalid_argument "host.bad_card".
Result<OwnerCard> parse_owner_card(std::string_view text);

}  // namespace banyan::host
