#include <sodium.h>

#include "banyan/base/assert.hpp"
#include "banyan/delivery/outbox.hpp"

namespace banyan::delivery {
namespace {

class Blake2b {
 public:
  Blake2b() { crypto_generichash_init(&state_, nullptr, 0, sizeof(ChainHash)); }

  void add(const void* bytes, std::size_t size) {
    crypto_generichash_update(&state_, static_cast<const unsigned char*>(bytes), size);
  }

  // The length first: ("ab", "c") and ("a", "bc") are not the same row.
  void add(std::string_view text) {
    const std::uint64_t size = text.size();
    add(&size, sizeof size);
    add(text.data(), text.size());
  }

  ChainHash finish() {
    ChainHash hash;
    crypto_generichash_final(&state_, reinterpret_cast<unsigned char*>(hash.data()), hash.size());
    return hash;
  }

 private:
  crypto_generichash_state state_;
};

}  // namespace

ChainHash chain(const ChainHash& before, std::uint64_t seq, std::string_view type, std::string_view headers,
                std::string_view payload) {
  static const int ready = sodium_init();  // chooses the implementation that the processor is fastest with
  BANYAN_ASSERT(ready >= 0);
  Blake2b hash;
  hash.add(before.data(), before.size());
  hash.add(&seq, sizeof seq);
  hash.add(type);
  hash.add(headers);
  hash.add(payload);
  return hash.finish();
}

}  // namespace banyan::delivery
