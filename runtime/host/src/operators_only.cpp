#include "operators_only.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "settings.hpp"

namespace banyan::host {
namespace {

using Names = std::shared_ptr<const std::vector<std::string>>;

std::string_view without_port(std::string_view host) {
  const std::size_t colon = host.rfind(':');
  const bool is_port = colon != std::string_view::npos && host.find(']', colon) == std::string_view::npos;
  return is_port ? host.substr(0, colon) : host;
}

bool is_number(std::string_view host) {
  return host.starts_with('[') || parse_address(std::string{host} + ":0").ok();
}

bool is_ours(std::string_view host, const std::vector<std::string>& names) {
  const bool is_on_the_web = host.find('.') != std::string_view::npos && !is_number(host);
  return !is_on_the_web || std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    return http::equals_ignoring_case(name, host);
  });
}

/// The answer instead of the page, if a web page may have asked for it.
std::optional<http::Response> refusal(const http::Request& request, const std::vector<std::string>& names) {
  const std::string* site = request.headers.find("Sec-Fetch-Site");
  if (request.headers.contains("Origin") || (site != nullptr && *site != "none")) {
    return http::problem(403, "not from a web page: use curl");
  }
  const std::string* host = request.headers.find("Host");
  if (host == nullptr || is_ours(without_port(*host), names)) return std::nullopt;
  return http::problem(403, "not under the name '" + std::string{without_port(*host)} +
                                "': use the address's number, or list the name in process.admin_names");
}

}  // namespace

std::vector<gateway::Page> operators_only(std::vector<gateway::Page> pages,
                                          const std::vector<std::string>& names) {
  const Names known = std::make_shared<const std::vector<std::string>>(names);
  for (gateway::Page& page : pages) {
    page.serve = [serve = std::move(page.serve), known](const http::Request& request,
                                                        const std::vector<std::string>& values,
                                                        http::Responder respond) {
      if (auto refused = refusal(request, *known)) return respond(*std::move(refused));
      serve(request, values, std::move(respond));
    };
  }
  return pages;
}

Status check_host_name(const std::string& name) {
  const auto is_allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  };
  if (!name.empty() && std::all_of(name.begin(), name.end(), is_allowed)) return success();
  return Error{Errc::invalid_argument, "host.bad_name",
               "'" + name + "' is no name of a host; for example admin.shop.example, without a port"};
}

}  // namespace banyan::host
