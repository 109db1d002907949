#pragma once
#include "banyan/telemetry/metrics.hpp"

/// Every metric that Banyan has, so that code, dashboards, alerts and documents call it the same. The suffix
/// is the unit: _seconds, _bytes, _total (a count that only grows); a gauge without one counts things.
namespace banyan::telemetry::names {

/// Histogram. Labels: http_request_method, http_route (the template), http_response_status_code.
inline constexpr Metric http_server_request_duration{"http_server_request_duration_seconds",
                                                     "Time from a whole request to its answer."};
/// Gauge. Labels: http_request_method.
inline constexpr Metric http_server_active_requests{"http_server_active_requests",
                                                    "Requests that are being answered now."};

/// Counter. Labels: listener (http, admin).
inline constexpr Metric http_connections_refused{"banyan_http_connections_refused_total",
                                                 "Connections closed because their client had too many."};

/// Counter. Labels: module, type (of the message), outcome (done, rejected, failed, retried, dead, repeated).
inline constexpr Metric consumer_messages{"banyan_consumer_messages_total",
                                          "Messages that a module was given, by what became of them."};
/// Counter. Labels: module, type.
inline constexpr Metric consumer_expired{
    "banyan_consumer_expired_total",
    "Durable commands that came when their time was over: nobody worked on them."};
/// Histogram. Labels: module, type.
inline constexpr Metric consumer_duration{"banyan_consumer_duration_seconds",
                                          "Time that a handler took for one message."};

/// Gauge. Labels: module.
inline constexpr Metric outbox_depth{"banyan_outbox_depth",
                                     "Rows of the outbox that some subscriber has not confirmed."};
/// Gauge. Labels: module.
inline constexpr Metric outbox_oldest_age{"banyan_outbox_oldest_age_seconds",
                                          "Age of the oldest row that some subscriber has not confirmed."};
/// Gauge. Labels: module (of the subscriber).
inline constexpr Metric dead_letters{"banyan_dead_letters", "Messages that wait for somebody to decide."};
/// Gauge. Labels: module, actor.
inline constexpr Metric held_requests{"banyan_held_requests",
                                      "Requests that wait for another module's event."};
inline constexpr Metric mailbox_depth{"banyan_mailbox_depth", "Requests that wait in an actor's mailbox."};
/// Gauge. Labels: module.
inline constexpr Metric module_count{"banyan_module_rows", "What a module counts of its own."};
inline constexpr Metric saga_oldest_age{"banyan_saga_oldest_age_seconds",
                                        "Age of the oldest saga that has not ended."};

/// Gauge. Labels: dependency. 0 closed, 1 half-open, 2 open.
inline constexpr Metric breaker_state{"banyan_breaker_state",
                                      "State of a circuit breaker: 0 closed, 1 half-open, 2 open."};
/// Counter. Labels: dependency.
inline constexpr Metric breaker_opened{"banyan_breaker_opened_total", "How often a circuit breaker opened."};
/// Gauge. Labels: dependency.
inline constexpr Metric bulkhead_running{"banyan_bulkhead_running", "Calls to a dependency under way."};
/// Gauge. Labels: dependency.
inline constexpr Metric bulkhead_waiting{"banyan_bulkhead_waiting",
                                         "Calls to a dependency that wait for a place."};
/// Counter. Labels: dependency, outcome (done, refused, failed; not made: open, full, expired).
inline constexpr Metric dependency_calls{"banyan_dependency_calls_total",
                                         "Attempts to call a dependency, by what became of them."};
/// Counter. Labels: dependency.
inline constexpr Metric dependency_retries{"banyan_dependency_retries_total",
                                           "Attempts that repeat a failed one."};
/// Histogram. Labels: dependency.
inline constexpr Metric dependency_call_duration{"banyan_dependency_call_duration_seconds",
                                                 "Time from an attempt to its answer."};

/// Counter. Labels: module.
inline constexpr Metric calls_refused{"banyan_calls_refused_total",
                                      "Calls whose caller did not prove who it is, or may not make them."};

/// Counter. Labels: caller, module.
inline constexpr Metric calls_two_logs{"banyan_calls_two_logs_total",
                                       "Times that a called module answered from another store and back."};
/// Gauge. Labels: module.
inline constexpr Metric other_owner{
    "banyan_other_owner", "1 while another process serves the module, or has served it, beside this."};

/// Gauge. Labels: identity. Negative once it has ended.
inline constexpr Metric certificate_expiry{"banyan_certificate_expiry_seconds",
                                           "Time until the certificate of a connection ends."};

/// Counters of one link over the broker. Labels: producer, subscriber.
inline constexpr Metric link_published{"banyan_link_published_total",
                                       "Messages of a link that the broker has stored."};
inline constexpr Metric link_restarts{"banyan_link_restarts_total",
                                      "Times that a link was started at what its subscriber has."};
inline constexpr Metric link_received{"banyan_link_received_total",
                                      "Messages of a link that arrived in order."};
inline constexpr Metric link_dropped{"banyan_link_dropped_total",
                                     "Messages of a link that were repeats or followed on a hole."};
inline constexpr Metric link_alarms{"banyan_link_alarms_total",
                                    "Messages in a stream that no producer may have sent."};
/// Counter. Labels: producer.
inline constexpr Metric stream_resyncs{"banyan_stream_resyncs_total",
                                       "Times that a producer had to ask where its stream ends."};

/// Counter.
inline constexpr Metric log_lines_lost{
    "banyan_log_lines_lost_total", "Log lines dropped because they came faster than they could be written."};

}  // namespace banyan::telemetry::names
