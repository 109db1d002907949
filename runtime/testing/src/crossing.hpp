#pragma once
#include <cstdint>
#include <mutex>
#include <string>

#include "banyan/delivery/link.hpp"

namespace banyan::testing {

/// One link over the network, from the relay to the remote side of its process and from there, in another
/// one, to the writer: passes everything on, and knows from both ends whether anything is still under way
/// between them. Each end may come and go; what comes while the other side of it is closed is dropped.
///
/// Threads: safe.
class Crossing final : public delivery::Subscriber, public delivery::Publisher {
 public:
  void open_producer(delivery::Publisher& relay, delivery::Subscriber& sender);
  void open_subscriber(delivery::Subscriber& writer, delivery::Publisher& feed);
  void close_producer();
  void close_subscriber();

  /// Everything that one end has said has come to the other one, or one of them isn't there.
  bool is_at_rest() const;
  /// For a person who wonders why not.
  std::string describe() const;

  // From the modules to the network
  void deliver(delivery::Batch batch) override;
  void resume(const std::string& subscriber, const delivery::Position& position) override;
  void confirm(const std::string& subscriber, std::uint64_t seq) override;
  bool is_flowing(const std::string& subscriber) const override;
  const message::Descriptor* find_type(std::string_view name) const override;

  // From the network to the modules
  void arrived(delivery::Batch batch);
  void asked_to_resume(const std::string& subscriber, const delivery::Position& position);
  void confirmed(const std::string& subscriber, std::uint64_t seq);

 private:
  // Held while something is passed on, so that nobody sees it neither under way nor arrived.
  mutable std::mutex mutex_;
  delivery::Publisher* relay_ = nullptr;
  delivery::Subscriber* sender_ = nullptr;
  delivery::Subscriber* writer_ = nullptr;
  delivery::Publisher* feed_ = nullptr;

  bool is_resuming_ = true;  // an end is new, or the writer went back: the relay hasn't heard where to begin
  std::uint64_t sent_ = 0;   // the last row that the relay sent
  std::uint64_t arrived_ = 0;  // the last row that the writer was handed, or has
  std::uint64_t told_ = 0;     // the last row of which the writer said that it has it
  std::uint64_t heard_ = 0;    // the last row of which the relay heard that
};

}  // namespace banyan::testing
