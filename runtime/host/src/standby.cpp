#include "standby.hpp"

#include <utility>

#include "banyan/json/writer.hpp"
#include "banyan/store/maintenance.hpp"

namespace banyan::host {
namespace {

// A setting that is no address is not accepted.
http::Server::Options options_of(const Settings& settings) {
  const Address address = parse_address(settings.admin_listen).value();
  http::Server::Options options = settings.http;
  options.address = address.host;
  options.port = address.port;
  return options;
}

http::Response text(int status, std::string body) {
  return {
      .status = status, .headers = {{"Content-Type", "text/plain; charset=utf-8"}}, .body = std::move(body)};
}

http::Response overview(const Status& busy) {
  std::string body;
  json::Writer out{body};
  out.begin_object();
  out.name("status");
  out.string("standby");
  out.name("cause");
  out.string(busy.ok() ? "taking over" : busy.error().detail());
  out.end_object();
  return {.status = 503, .headers = {{"Content-Type", "application/json"}}, .body = std::move(body)};
}

}  // namespace

Standby::Standby(const Settings& settings, std::vector<store::Options> stores)
    : settings_(settings), stores_(std::move(stores)), server_(*this, clock_, options_of(settings)) {}

Status Standby::look() const {
  for (const store::Options& store : stores_) {
    if (Status is_free = store::check_free(store); !is_free.ok()) return is_free;
  }
  return success();
}

Status Standby::listen() { return server_.start(); }

std::string Standby::admin_url() const {
  return to_url({parse_address(settings_.admin_listen).value().host, server_.port()});
}

void Standby::on_request(http::Request request, http::Responder respond) {
  if (request.path == "/health/live") return respond(text(200, "ok\n"));
  if (request.path == "/health/ready") return respond(text(503, "not ready: standby; see /health\n"));
  if (request.path == "/health") return respond(overview(look()));
  respond(http::problem(503, "standby: another process has the stores"));
}

}  // namespace banyan::host
