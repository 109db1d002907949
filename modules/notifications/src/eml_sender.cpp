#include <filesystem>
#include <fstream>
#include <utility>

#include "mime.hpp"
#include "sending.hpp"

namespace shop::notifications {
namespace {

namespace fs = std::filesystem;

banyan::Error unwritable(const fs::path& path, const std::error_code& error) {
  return unreachable(path.string() + ": " + error.message());
}

class EmlSender final : public Sender {
 public:
  EmlSender(std::string directory, Mailbox from) : directory_(std::move(directory)), from_(std::move(from)) {}

  banyan::Status send(const SendNotification& notification) override {
    if (auto status = check_email(notification); !status.ok()) return status;
    const std::string name = to_string(notification.notification_id);
    const fs::path partial = directory_ / ("." + name + ".partial");
    std::error_code error;
    fs::create_directories(directory_, error);
    if (error) return unwritable(directory_, error);
    if (auto status = write(partial, to_message(notification, from_)); !status.ok()) return status;
    fs::rename(partial, directory_ / (name + ".eml"), error);
    if (error) return unwritable(partial, error);
    return banyan::success();
  }

 private:
  static banyan::Status write(const fs::path& path, const std::string& text) {
    std::ofstream file{path, std::ios::binary | std::ios::trunc};
    std::error_code error;
    fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write, error);
    file << text;
    file.close();
    if (error) return unwritable(path, error);
    if (!file) return unreachable(path.string() + ": could not be written");
    return banyan::success();
  }

  fs::path directory_;
  Mailbox from_;
};

class NullSender final : public Sender {
 public:
  banyan::Status send(const SendNotification&) override { return banyan::success(); }
};

}  // namespace

std::shared_ptr<Sender> eml_sender(std::string directory, Mailbox from) {
  return std::make_shared<EmlSender>(std::move(directory), std::move(from));
}

std::shared_ptr<Sender> null_sender() { return std::make_shared<NullSender>(); }

}  // namespace shop::notifications
