-- wrk: POSTs the same JSON again and again, each time with another Idempotency-Key.
-- usage: wrk ... -s unique_keys.lua URL -- BODY_FILE PREFIX
local threads = 0

function setup(thread)
  threads = threads + 1
  thread:set("thread_number", threads)
end

function init(arguments)
  body = io.open(arguments[1]):read("*a")
  prefix = arguments[2] .. "-" .. thread_number .. "-"
  headers = {["Content-Type"] = "application/json"}
  count = 0
end

function request()
  count = count + 1
  headers["Idempotency-Key"] = prefix .. count
  return wrk.format("POST", nil, headers, body)
end
