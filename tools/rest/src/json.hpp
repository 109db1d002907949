#pragma once
#include <string>
#include <vector>

#include "banyan/json/decode.hpp"
#include "banyan/json/encode.hpp"
#include "shop/rest/types.hpp"

namespace shop::rest {

/// RFC 9457, as far as a client wants to know.
struct Problem {
  std::string code;
  std::string detail;
};

struct CancelRequest {
  std::string reason;
};

struct Restock {
  std::int64_t quantity = 0;
};

struct Health {
  std::vector<ModuleHealth> modules;
};

template <class T>
struct Page {
  std::vector<T> items;
  std::optional<std::string> next_cursor;
};

void write(banyan::json::Writer& out, const NewCustomer& customer);
void write(banyan::json::Writer& out, const NewProduct& product);
void write(banyan::json::Writer& out, const NewOrder& order);
void write(banyan::json::Writer& out, const CancelRequest& request);
void write(banyan::json::Writer& out, const Restock& restock);

void read(const banyan::json::Input& in, Problem& to);
void read(const banyan::json::Input& in, Customer& to);
void read(const banyan::json::Input& in, Product& to);
void read(const banyan::json::Input& in, Order& to);
void read(const banyan::json::Input& in, Reservation& to);
void read(const banyan::json::Input& in, Payment& to);
void read(const banyan::json::Input& in, Invoice& to);
void read(const banyan::json::Input& in, Shipment& to);
void read(const banyan::json::Input& in, Notification& to);
void read(const banyan::json::Input& in, Health& to);

template <class T>
void read(const banyan::json::Input& in, Page<T>& to) {
  banyan::json::Members members{in};
  members.required("items", to.items);
  members.optional("next_cursor", to.next_cursor);
}

}  // namespace shop::rest
