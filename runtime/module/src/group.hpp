#pragma once
#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "banyan/delivery/tx.hpp"
#include "banyan/message/endpoint.hpp"

namespace banyan::module {

/// The debts of the open transaction to the world, due once it is committed.
struct Group {
  std::size_t size = 0;      ///< Commands and messages in it.
  std::size_t messages = 0;  ///< Of other modules.
  bool is_probe = false;     ///< It changes a row to see whether the store can commit again.
  delivery::Emissions emissions = {};
  std::vector<std::pair<message::ReplyHandler, message::Reply>> answers = {};
  std::set<std::string> producers = {};  ///< It has taken messages of these.
  std::vector<std::function<void()>> after_commit = {};
  std::size_t emissions_weighed = 0;  ///< The first ones, which are not taken back any more,
  std::size_t weight = 0;             ///< and the bytes of their payloads, as JSON.

  /// Bytes of what was emitted, between two attempts.
  std::size_t weigh() {
    for (; emissions_weighed < emissions.size(); ++emissions_weighed) {
      weight += emissions[emissions_weighed].payload.size();
    }
    return weight;
  }

  void answer(message::ReplyHandler to, message::Reply reply) {
    answers.emplace_back(std::move(to), std::move(reply));
  }
};

}  // namespace banyan::module
