#include "process.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "banyan/base/assert.hpp"
#include "banyan/message/refusal.hpp"

namespace banyan::bench {

DiskDirectory::DiskDirectory()
    : path_((std::filesystem::temp_directory_path() / "banyan-bench-XXXXXX").string()) {
  BANYAN_ASSERT(::mkdtemp(path_.data()) != nullptr);
}

DiskDirectory::~DiskDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

Process::Process() {
  const message::Descriptor* const refusal = &message::Refusal::descriptor();
  registry_.add({&refusal, 1});
}

std::unique_ptr<module::Instance> Process::open(const module::Module& module) {
  registry_.add(module.messages());
  module::InstanceOptions options = options_;
  options.store.directory = directory_of(module.name());
  auto instance = module::Instance::open(
      module, {actors_, clock_, random_, ids_, faults_, registry_, metrics_, log_}, options);
  if (instance.ok()) return std::move(instance).value();
  std::fprintf(stderr, "%s: %s: %s\n", module.name().c_str(), instance.error().reason().c_str(),
               instance.error().detail().c_str());
  std::exit(1);
}

message::CallOptions Process::call_options() {
  message::CallOptions options;
  options.envelope.id = ids_.next();
  options.envelope.source = "bench";
  options.envelope.time = clock_.utc();
  options.envelope.deadline = clock_.now() + std::chrono::seconds{30};
  options.envelope.correlation_id = options.envelope.id;
  options.envelope.trace = message::TraceContext::start(random_);
  return options;
}

}  // namespace banyan::bench
