// Fills a running shop with a sample catalogue, and shows what it does with orders.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <set>
#include <string>

#include "catalogue.hpp"
#include "orders.hpp"
#include "welcome.hpp"

namespace {

constexpr int failed = 1;
constexpr int wrong_usage = 2;

int complain(const banyan::Error& error, int status) {
  std::fprintf(stderr, "banyan-demo: %s: %s\n", error.reason().c_str(), error.detail().c_str());
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Fills a running shop with a sample catalogue, and shows what it does with orders."};
  std::string url = "http://127.0.0.1:8080";
  app.add_option("--url", url, "where the shop is [http://127.0.0.1:8080]");
  app.require_subcommand(1);
  app.fallthrough();
  const auto* seed = app.add_subcommand("seed", "add the sample products and customers that are missing");
  const auto* orders = app.add_subcommand("orders", "place orders, show their steps, fail if one ends wrong");
  std::set<std::string> remote;
  app.add_option("--remote", remote, "modules that orders reaches over NATS, to be shown")->delimiter(',');
  app.add_subcommand("welcome", "tell where everything is, and how to place an order");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : wrong_usage;
  }
  while (url.ends_with('/')) url.pop_back();
  const auto endpoint = shop::rest::parse_url(url);
  if (!endpoint.ok()) return complain(endpoint.error(), wrong_usage);

  shop::rest::Shop shop{endpoint.value(), {.attempts_max = 100}};
  const banyan::Status done = seed->parsed()     ? shop::demo::seed(shop)
                              : orders->parsed() ? shop::demo::place_orders(shop, remote)
                                                 : shop::demo::welcome(shop, url);
  return done.ok() ? 0 : complain(done.error(), failed);
}
