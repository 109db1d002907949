#pragma once
#include <cstddef>
#include <string>

#include "broker.hpp"

namespace banyan::bench {

/// A stream, made, filled and emptied with bare cnats.
class RawStream {
 public:
  RawStream(const Broker& broker, std::string name, const char* subjects);
  ~RawStream();
  RawStream(const RawStream&) = delete;
  RawStream& operator=(const RawStream&) = delete;

  void purge();
  /// A new consumer, for which nothing is acknowledged yet.
  void provide_consumer(const char* name, const char* filter);

  /// Messages a second, published asynchronously, each with an id. To subject "raw".
  double publish(std::size_t count);
  /// Messages a second, pulled and acknowledged.
  double pull(const std::string& consumer, std::size_t count);

  /// As a subscriber that has nothing yet.
  void ask_to_resume(const char* subject);
  /// As a producer does.
  void answer_reports(const char* subject);

 private:
  struct Destroy {
    void operator()(jsCtx* context) const { jsCtx_Destroy(context); }
    void operator()(natsSubscription* subscription) const { natsSubscription_Destroy(subscription); }
  };

  const std::string name_;
  RawConnection connection_;
  std::unique_ptr<jsCtx, Destroy> context_;
  std::unique_ptr<natsSubscription, Destroy> reports_;
  std::size_t last_id_ = 0;
};

}  // namespace banyan::bench
