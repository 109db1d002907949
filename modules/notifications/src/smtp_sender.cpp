#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstring>
#include <string_view>
#include <utility>

#include "mime.hpp"
#include "sending.hpp"

namespace shop::notifications {
namespace {

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* object) const noexcept {
    Free(object);
  }
};
using Session = std::unique_ptr<CURL, Freed<curl_easy_cleanup>>;
using Recipients = std::unique_ptr<curl_slist, Freed<curl_slist_free_all>>;

std::size_t take(char* buffer, std::size_t size, std::size_t count, void* unsent) {
  auto& rest = *static_cast<std::string_view*>(unsent);
  const std::size_t taken = std::min(size * count, rest.size());
  std::memcpy(buffer, rest.data(), taken);
  rest.remove_prefix(taken);
  return taken;
}

long to_milliseconds(banyan::Duration time) {
  return static_cast<long>(std::chrono::ceil<std::chrono::milliseconds>(time).count());
}

/// The conversation with the server about one mail.
struct Talk {
  bool is_about_this_mail = false;  ///< From RCPT on. What goes wrong before that goes wrong for every mail.
  bool is_over = false;             ///< The rest is good-bye.
  std::string answer{};             ///< The server's latest line.
};

/// Called by libcurl with all that it says and hears; between two mails there is no Talk.
int listen(CURL*, curl_infotype what, char* data, std::size_t size, void* to) {
  Talk* const talk = static_cast<Talk*>(to);
  if (talk == nullptr) return 0;
  const std::string_view line{data, size};
  if (what == CURLINFO_HEADER_OUT) {
    if (line.starts_with("RCPT ")) talk->is_about_this_mail = true;
    if (line.starts_with("QUIT")) talk->is_over = true;
  } else if (what == CURLINFO_HEADER_IN && !talk->is_over) {
    talk->answer = line;
  }
  return 0;
}

/// Printable, and short enough to be shown.
std::string shown(std::string_view text) {
  constexpr std::size_t characters_max = 400;
  std::string line{text.substr(0, std::min(text.size(), characters_max))};
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.pop_back();
  for (char& c : line) c = c >= ' ' && c <= '~' ? c : '?';
  return line;
}

/// The only place that knows what libcurl's codes mean for a notification.
banyan::Status to_status(CURLcode result, long reply, std::string_view text, const Talk& talk) {
  if (result == CURLE_OK) return banyan::success();
  const bool is_answered =
      (result == CURLE_SEND_ERROR || result == CURLE_WEIRD_SERVER_REPLY) && reply >= 400 && reply < 600;
  const std::string_view why = text.empty() ? curl_easy_strerror(result) : text;
  std::string detail = shown(is_answered ? talk.answer : why);
  if (!talk.is_about_this_mail) return unreachable(std::move(detail));
  if (is_answered && reply >= 500) return undeliverable(std::move(detail));
  return deferred(std::move(detail));
}

/// Until when a mail may be under way. Threads: safe.
class Cut {
 public:
  void after(banyan::Duration time) noexcept { at_ = clock_.now() + time; }
  /// libcurl calls this at least every second: not zero ends the transfer.
  static int is_due(void* cut, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    const Cut& of = *static_cast<const Cut*>(cut);
    return of.clock_.now() >= of.at_.load() ? 1 : 0;
  }

 private:
  const banyan::SystemClock clock_;
  std::atomic<banyan::Instant> at_ = banyan::no_deadline;
};

/// Keeps its connection to the mail server for the next e-mail.
class SmtpSender final : public Sender {
 public:
  explicit SmtpSender(SmtpOptions options) : options_(std::move(options)), session_(curl_easy_init()) {
    BANYAN_ASSERT(session_ != nullptr);
    set(CURLOPT_URL, options_.url.c_str());
    set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_USE_SSL, static_cast<long>(options_.needs_tls ? CURLUSESSL_ALL : CURLUSESSL_TRY));
    set(CURLOPT_CONNECTTIMEOUT_MS, to_milliseconds(options_.connect_timeout));
    set(CURLOPT_TIMEOUT_MS, to_milliseconds(options_.send_timeout));
    set(CURLOPT_MAIL_FROM, options_.from.address.c_str());
    set(CURLOPT_UPLOAD, 1L);
    set(CURLOPT_READFUNCTION, &take);
    set(CURLOPT_NOPROGRESS, 0L);
    set(CURLOPT_XFERINFOFUNCTION, &Cut::is_due);
    set(CURLOPT_XFERINFODATA, &cut_);
    set(CURLOPT_VERBOSE, 1L);
    set(CURLOPT_DEBUGFUNCTION, &listen);
    if (!options_.user.empty()) {
      set(CURLOPT_USERNAME, options_.user.c_str());
      set(CURLOPT_PASSWORD, options_.password.reveal().c_str());
    }
  }

  banyan::Status send(const SendNotification& notification) override {
    if (auto status = check_email(notification); !status.ok()) return status;
    const Recipients to{curl_slist_append(nullptr, notification.recipient.c_str())};
    if (to == nullptr) return unreachable("out of memory");
    const std::string message = to_message(notification, options_.from);
    std::string_view unsent = message;
    std::array<char, CURL_ERROR_SIZE> problem{};
    Talk talk;
    set(CURLOPT_MAIL_RCPT, to.get());
    set(CURLOPT_READDATA, &unsent);
    set(CURLOPT_ERRORBUFFER, problem.data());
    set(CURLOPT_DEBUGDATA, &talk);
    const CURLcode result = curl_easy_perform(session_.get());
    long reply = 0;
    curl_easy_getinfo(session_.get(), CURLINFO_RESPONSE_CODE, &reply);
    set(CURLOPT_ERRORBUFFER, static_cast<char*>(nullptr));
    set(CURLOPT_DEBUGDATA, static_cast<Talk*>(nullptr));
    return to_status(result, reply, problem.data(), talk);
  }

  void hurry() noexcept override { cut_.after(options_.hurry_timeout); }

 private:
  template <class Value>
  void set(CURLoption option, Value value) {
    const CURLcode result = curl_easy_setopt(session_.get(), option, value);
    BANYAN_ASSERT(result == CURLE_OK);
  }

  SmtpOptions options_;
  Cut cut_;
  Session session_;
};

}  // namespace

std::shared_ptr<Sender> smtp_sender(SmtpOptions options) {
  return std::make_shared<SmtpSender>(std::move(options));
}

}  // namespace shop::notifications
