#include "owner_card.hpp"

#include <algorithm>
#include <limits>
#include <tuple>

#include "banyan/json/decode.hpp"
#include "banyan/json/encode.hpp"
#include "banyan/json/parse.hpp"

namespace banyan::host {
namespace {

constexpr json::ParseLimits limits{.bytes_max = 16 * 1024, .depth_max = 2, .elements_max = 16};
constexpr json::StringRules host_rules{.length_min = 1, .length_max = 255};
constexpr json::StringRules folder_rules{.length_min = 1, .length_max = 4096};
constexpr json::IntegerRules pid_rules{.min = 1, .max = std::numeric_limits<std::int32_t>::max()};
constexpr json::Choice<OwnerCard::State> states[] = {{"waiting", OwnerCard::State::waiting},
                                                     {"serving", OwnerCard::State::serving},
                                                     {"yielded", OwnerCard::State::yielded}};

/// It is shown on terminals.
bool has_control_characters(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F;
  });
}

Error bad_card(std::string detail) { return {Errc::invalid_argument, "host.bad_card", std::move(detail)}; }

}  // namespace

void read(const json::Input& in, OwnerCard::State& to) { json::read_choice(in, to, states); }

std::string_view to_string(OwnerCard::State state) noexcept {
  return states[static_cast<std::size_t>(state)].name;
}

bool precedes(const OwnerCard& one, const OwnerCard& other) noexcept {
  const auto rank = [](const OwnerCard& card) {
    const bool serves = card.state == OwnerCard::State::serving;
    return std::tuple{!serves, card.since, card.process};
  };
  return rank(one) < rank(other);
}

std::string place_of(const OwnerCard& card) {
  return "process " + std::to_string(card.pid) + " on " + card.host + ", data folder " + card.folder +
         ", log " + to_string(card.log) + ", since " + to_rfc3339(card.since);
}

std::string to_json(const OwnerCard& card) {
  std::string text;
  json::Writer out{text};
  out.begin_object();
  json::member(out, "log", card.log);
  json::member(out, "process", card.process);
  json::member(out, "host", card.host);
  json::member(out, "pid", card.pid);
  json::member(out, "folder", card.folder);
  json::member(out, "since", card.since);
  json::member(out, "state", to_string(card.state));
  out.end_object();
  return text;
}

Result<OwnerCard> parse_owner_card(std::string_view text) {
  const auto document = json::parse(text, limits);
  if (!document.ok()) return bad_card(document.error().detail());
  json::Violations violations;
  const json::Path root;
  const json::Input in{document.value(), root, violations};
  json::Members members{in};
  OwnerCard card;
  members.required("log", card.log);
  members.required("process", card.process);
  members.required("host", card.host, host_rules);
  members.required("pid", card.pid, pid_rules);
  members.required("folder", card.folder, folder_rules);
  members.required("since", card.since);
  members.required("state", card.state);
  if (!violations.empty()) {
    const json::Violation& first = violations.all().front();
    return bad_card(first.pointer + " " + first.detail);
  }
  if (has_control_characters(card.host) || has_control_characters(card.folder)) {
    return bad_card("a control character in a name");
  }
  return card;
}

}  // namespace banyan::host
