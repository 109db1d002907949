#include "northwind.hpp"

#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include "banyan/json/decode.hpp"
#include "banyan/json/parse.hpp"

namespace acceptance {

namespace json = banyan::json;
using std::string;

namespace {

/// One row of a CSV file (RFC 4180), by the names in its head.
using Row = std::map<string, string>;

std::vector<string> split(const string& line) {
  std::vector<string> fields{""};
  bool is_quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"') {
      const bool is_escaped = is_quoted && i + 1 < line.size() && line[i + 1] == '"';
      if (is_escaped) {
        fields.back() += line[i++];
      } else {
        is_quoted = !is_quoted;
      }
    } else if (line[i] == ',' && !is_quoted) {
      fields.emplace_back();
    } else if (line[i] != '\r') {
      fields.back() += line[i];
    }
  }
  return fields;
}

std::vector<string> lines_of(const string& path) {
  std::ifstream file{path};
  std::vector<string> lines;
  for (string line; std::getline(file, line);) lines.push_back(line);
  if (lines.empty()) throw std::runtime_error("can't read " + path);
  return lines;
}

std::vector<Row> read_csv(const string& path) {
  const auto lines = lines_of(path);
  const auto names = split(lines.front());
  std::vector<Row> rows;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const auto fields = split(lines[i]);
    if (fields.size() != names.size()) throw std::runtime_error(path + ": " + lines[i]);
    Row row;
    for (std::size_t column = 0; column < names.size(); ++column) row[names[column]] = fields[column];
    rows.push_back(std::move(row));
  }
  return rows;
}

std::optional<string> unless_empty(const string& text) {
  return text.empty() ? std::nullopt : std::optional{text};
}

Stream::Customer to_customer(Row row) {
  return {.id = row["customer_id"],
          .company = row["company"],
          .address = {.street = row["address"],
                      .city = row["city"],
                      .region = unless_empty(row["region"]),
                      .postal_code = unless_empty(row["postal_code"]),
                      .country = row["country"]},
          .phone = row["phone"]};
}

Stream::Product to_product(Row row) {
  return {.id = std::stoll(row["product_id"]),
          .name = row["name"],
          .category = row["category"],
          .quantity_per_unit = row["quantity_per_unit"],
          .unit_price_cents = std::stoll(row["unit_price_cents"]),
          .units_in_stock = std::stoll(row["units_in_stock"])};
}

/// The receiver as the file of orders names its parts.
struct Receiver {
  shop::rest::Address address;
};

void read(const json::Input& in, Receiver& to) {
  json::Members members{in};
  members.optional("name", to.address.name);
  members.required("address", to.address.street);
  members.required("city", to.address.city);
  members.required("region", to.address.region, json::or_null);
  members.required("postal_code", to.address.postal_code, json::or_null);
  members.required("country", to.address.country);
}

}  // namespace

void read(const json::Input& in, Stream::Line& to) {
  json::Members members{in};
  members.required("product_id", to.product_id);
  members.required("unit_price_cents", to.unit_price_cents);
  members.required("quantity", to.quantity);
  members.required("discount_percent", to.discount_percent);
}

void read(const json::Input& in, Stream::Order& to) {
  Receiver receiver;
  json::Members members{in};
  members.required("order_id", to.id);
  members.required("customer_id", to.customer_id);
  members.required("carrier", to.carrier);
  members.required("freight_cents", to.freight_cents);
  members.required("ship_to", receiver);
  members.required("lines", to.lines);
  to.ship_to = std::move(receiver.address);
}

namespace {

Stream::Order to_order(const string& line) {
  const auto document = json::parse(line);
  if (!document.ok()) throw std::runtime_error(line + ": " + document.error().detail());
  Stream::Order order;
  json::Violations violations;
  read(json::Input{document.value(), json::Path{}, violations}, order);
  if (!violations.empty()) {
    throw std::runtime_error(line + ": " + violations.all().front().pointer);
  }
  return order;
}

string folder() {
  const char* given = std::getenv("BANYAN_NORTHWIND");
  return given != nullptr ? given : CHECKOUT "/../shared/data/northwind";
}

}  // namespace

Units demand_of(const Stream& stream) {
  Units demand;
  for (const auto& order : stream.orders) {
    for (const auto& line : order.lines) demand[line.product_id] += line.quantity;
  }
  return demand;
}

std::optional<Stream> read_northwind() {
  const string from = folder();
  if (!std::ifstream{from + "/orders.ndjson"}) return std::nullopt;
  Stream stream;
  for (Row& row : read_csv(from + "/customers.csv")) stream.customers.push_back(to_customer(std::move(row)));
  for (Row& row : read_csv(from + "/products.csv")) stream.products.push_back(to_product(std::move(row)));
  for (const string& line : lines_of(from + "/orders.ndjson")) stream.orders.push_back(to_order(line));
  return stream;
}

}  // namespace acceptance
