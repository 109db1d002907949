#include "json.hpp"

namespace shop::rest {

namespace json = banyan::json;

void write(json::Writer& out, const Address& address) {
  out.begin_object();
  json::member(out, "name", address.name);
  json::member(out, "street", address.street);
  json::member(out, "city", address.city);
  json::member(out, "region", address.region);
  json::member(out, "postal_code", address.postal_code);
  json::member(out, "country", address.country);
  out.end_object();
}

void write(json::Writer& out, const NewCustomer& customer) {
  out.begin_object();
  json::member(out, "name", customer.name);
  json::member(out, "email", customer.email);
  json::member(out, "phone", customer.phone);
  json::member(out, "address", customer.address);
  out.end_object();
}

void write(json::Writer& out, const NewProduct& product) {
  out.begin_object();
  json::member(out, "sku", product.sku);
  json::member(out, "name", product.name);
  json::member(out, "description", product.description);
  json::member(out, "category", product.category);
  json::member(out, "unit_price", product.unit_price);
  json::member(out, "initial_stock", product.initial_stock);
  out.end_object();
}

void write(json::Writer& out, const OrderLine& line) {
  out.begin_object();
  json::member(out, "product_id", line.product_id);
  json::member(out, "quantity", line.quantity);
  json::member(out, "discount_percent", line.discount_percent);
  json::member(out, "unit_price", line.unit_price);
  out.end_object();
}

void write(json::Writer& out, const NewOrder& order) {
  out.begin_object();
  json::member(out, "customer_id", order.customer_id);
  json::member(out, "lines", order.lines);
  json::member(out, "freight", order.freight);
  json::member(out, "ship_to", order.ship_to);
  json::member(out, "payment_method", order.payment_method);
  json::member(out, "carrier", order.carrier);
  json::member(out, "reference", order.reference);
  out.end_object();
}

void write(json::Writer& out, const CancelRequest& request) {
  out.begin_object();
  json::member(out, "reason", request.reason);
  out.end_object();
}

void write(json::Writer& out, const Restock& restock) {
  out.begin_object();
  json::member(out, "quantity", restock.quantity);
  out.end_object();
}

void read(const json::Input& in, Problem& to) {
  json::Members members{in};
  members.required("code", to.code);
  members.optional("detail", to.detail);
}

void read(const json::Input& in, Customer& to) {
  json::Members members{in};
  members.required("customer_id", to.customer_id);
  members.required("email", to.email);
}

void read(const json::Input& in, Product& to) {
  json::Members members{in};
  members.required("product_id", to.product_id);
  members.required("sku", to.sku);
  members.required("name", to.name);
  members.required("unit_price", to.unit_price);
  members.required("available", to.available);
  members.required("reserved", to.reserved);
  members.required("sold", to.sold);
}

void read(const json::Input& in, Step& to) {
  json::Members members{in};
  members.required("at", to.at);
  members.required("step", to.step);
  members.required("outcome", to.outcome);
  members.optional("detail", to.detail);
}

void read(const json::Input& in, Order& to) {
  json::Members members{in};
  members.required("order_id", to.order_id);
  members.required("status", to.status);
  members.optional("reference", to.reference);
  members.optional("total", to.total);
  members.optional("cancel_code", to.cancel_code);
  members.optional("history", to.history);
}

void read(const json::Input& in, Reservation& to) {
  json::Members members{in};
  members.required("order_id", to.order_id);
  members.required("state", to.state);
}

void read(const json::Input& in, Payment& to) {
  json::Members members{in};
  members.required("order_id", to.order_id);
  members.required("state", to.state);
  members.required("amount", to.amount);
  members.required("refunded", to.refunded);
}

void read(const json::Input& in, Invoice& to) {
  json::Members members{in};
  members.required("number", to.number);
  members.required("order_id", to.order_id);
  members.required("total", to.total);
}

void read(const json::Input& in, Shipment& to) {
  json::Members members{in};
  members.required("order_id", to.order_id);
  members.required("carrier", to.carrier);
  members.required("state", to.state);
  members.required("units", to.units);
}

void read(const json::Input& in, Notification& to) {
  json::Members members{in};
  members.optional("order_id", to.order_id);
  members.required("template", to.template_name);
  members.required("state", to.state);
}

void read(const json::Input& in, ModuleHealth& to) {
  json::Members members{in};
  members.required("module", to.module);
  members.required("status", to.status);
  members.required("outbox_depth", to.outbox_depth);
  members.required("parked", to.parked);
  members.required("dead_letters", to.dead_letters);
}

void read(const json::Input& in, Health& to) {
  json::Members members{in};
  members.required("modules", to.modules);
}

}  // namespace shop::rest
