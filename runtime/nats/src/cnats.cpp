#include "cnats.hpp"

#include <chrono>
#include <cstdlib>
#include <cstring>

#include "banyan/base/numbers.hpp"

namespace banyan::nats {
namespace {

natsStatus attach(void** user, void* loop, natsConnection*, natsSock socket) {
  static_cast<Wiring*>(loop)->socket = socket;
  *user = loop;
  return NATS_OK;
}

natsStatus set_reading(void* user, bool wanted) {
  const auto& wiring = *static_cast<Wiring*>(user);
  if (!wanted && wiring.stop_polling) wiring.stop_polling();
  return NATS_OK;
}

natsStatus set_writing(void* user, bool wanted) {
  const auto& wiring = *static_cast<Wiring*>(user);
  if (wanted && wiring.want_write) wiring.want_write();
  return NATS_OK;
}

natsStatus detach(void*) { return NATS_OK; }

// Runs `call` if all before it went well.
template <class Call>
void then(natsStatus& status, Call call) {
  if (status == NATS_OK) status = call();
}

natsStatus set_basics(natsOptions* to, const ConnectionOptions& options, const std::string& url) {
  const auto timeout = std::chrono::duration_cast<std::chrono::milliseconds>(options.connect_timeout).count();
  natsStatus status = natsOptions_SetURL(to, url.c_str());
  then(status, [&] { return natsOptions_SetName(to, options.name.c_str()); });
  then(status, [&] { return natsOptions_SetTimeout(to, timeout); });
  // Without it a thread of cnats' own would write, up to a millisecond later.
  then(status, [&] { return natsOptions_SetSendAsap(to, true); });
  // We reconnect a lost connection ourselves, so cnats keeps nothing for it.
  then(status, [&] { return natsOptions_SetAllowReconnect(to, false); });
  // cnats' timer thread would close the socket under the loop's hands; the kernel probes the peer instead.
  then(status, [&] { return natsOptions_SetPingInterval(to, 0); });
  // The default one prints; errors are asked for after each read.
  then(status, [&] { return natsOptions_SetErrorHandler(to, nullptr, nullptr); });
  return status;
}

natsStatus set_tls(natsOptions* to, const TlsFiles& files, const std::string& expected_host) {
  natsStatus status = natsOptions_SetSecure(to, true);
  then(status, [&] { return natsOptions_LoadCATrustedCertificates(to, files.ca.c_str()); });
  then(status,
       [&] { return natsOptions_LoadCertificatesChain(to, files.certificate.c_str(), files.key.c_str()); });
  then(status, [&] { return natsOptions_SetExpectedHostname(to, expected_host.c_str()); });
  return status;
}

void add_header(Message& to, const char* name, const char* value) {
  // cnats turns the status line of the server into these two.
  if (std::strcmp(name, "Status") == 0) {
    to.status = parse_number<int>(value).value_or(0);
  } else if (std::strcmp(name, "Description") == 0) {
    to.description = value;
  } else {
    to.headers.add(name, value);
  }
}

void add_headers(Message& to, natsMsg& message) {
  const char** names = nullptr;
  int name_count = 0;
  if (natsMsgHeader_Keys(&message, &names, &name_count) != NATS_OK) return;
  for (int i = 0; i < name_count; ++i) {
    const char** values = nullptr;
    int value_count = 0;
    if (natsMsgHeader_Values(&message, names[i], &values, &value_count) != NATS_OK) continue;
    for (int k = 0; k < value_count; ++k) add_header(to, names[i], values[k]);
    std::free(values);
  }
  std::free(names);
}

}  // namespace

std::string describe(natsStatus status) {
  natsStatus last = NATS_OK;
  const char* detail = nats_GetLastError(&last);
  std::string text = natsStatus_GetText(status);
  if (last == status && detail != nullptr) text.append(": ").append(detail);
  return text;
}

Result<OptionsHandle> make_options(const ConnectionOptions& options, const std::string& url, Wiring& wiring) {
  natsOptions* raw = nullptr;
  natsStatus status = natsOptions_Create(&raw);
  OptionsHandle handle{raw};
  then(status, [&] { return set_basics(raw, options, url); });
  then(status,
       [&] { return natsOptions_SetEventLoop(raw, &wiring, attach, set_reading, set_writing, detach); });
  if (status != NATS_OK) return Error{Errc::invalid_argument, "nats.bad_options", describe(status)};
  if (options.tls) status = set_tls(raw, *options.tls, options.expected_host);
  if (status != NATS_OK) return Error{Errc::invalid_argument, "nats.bad_certificate", describe(status)};
  return handle;
}

Message to_message(natsMsg& message) {
  Message copy;
  copy.subject = natsMsg_GetSubject(&message);
  if (const char* reply = natsMsg_GetReply(&message)) copy.reply = reply;
  copy.data.assign(natsMsg_GetData(&message), static_cast<std::size_t>(natsMsg_GetDataLength(&message)));
  add_headers(copy, message);
  return copy;
}

}  // namespace banyan::nats
