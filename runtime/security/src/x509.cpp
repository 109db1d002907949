#include "x509.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <chrono>

namespace banyan::security {
namespace {

Bio reader_of(std::string_view text) {
  return Bio{must(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())))};
}

std::string text_of(BIO& bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(&bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

/// A key that asks for a password is not read: nobody could type it.
int no_password(char*, int, int, void*) { return -1; }

}  // namespace

OpenSslError take_openssl_error() {
  const unsigned long code = ERR_get_error();
  ERR_clear_error();
  const char* text = ERR_reason_error_string(code);
  return {text == nullptr ? "unknown error" : text};
}

std::vector<X509Certificate> read_certificates(std::string_view pem) {
  const Bio bio = reader_of(pem);
  std::vector<X509Certificate> all;
  while (X509* next = PEM_read_bio_X509(bio.get(), nullptr, no_password, nullptr)) all.emplace_back(next);
  const bool is_at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  if (all.empty() || !is_at_end) throw take_openssl_error();
  ERR_clear_error();
  return all;
}

X509Certificate read_certificate(std::string_view pem) { return std::move(read_certificates(pem).front()); }

Key read_key(const Secret& pem) {
  return Key{must(PEM_read_bio_PrivateKey(reader_of(pem.reveal()).get(), nullptr, no_password, nullptr))};
}

std::string to_pem(X509& certificate) {
  const Bio bio{must(BIO_new(BIO_s_mem()))};
  must(PEM_write_bio_X509(bio.get(), &certificate));
  return text_of(*bio);
}

Secret to_pem(EVP_PKEY& key) {
  const Bio bio{must(BIO_new(BIO_s_secmem()))};
  must(PEM_write_bio_PrivateKey(bio.get(), &key, nullptr, nullptr, 0, nullptr, nullptr));
  return Secret{text_of(*bio)};
}

Timestamp to_timestamp(const ASN1_TIME& time) {
  using namespace std::chrono;
  std::tm parts{};
  must(ASN1_TIME_to_tm(&time, &parts));
  const year_month_day day{year{parts.tm_year + 1900}, month{static_cast<unsigned>(parts.tm_mon + 1)},
                           std::chrono::day{static_cast<unsigned>(parts.tm_mday)}};
  return sys_days{day} + hours{parts.tm_hour} + minutes{parts.tm_min} + seconds{parts.tm_sec};
}

}  // namespace banyan::security
