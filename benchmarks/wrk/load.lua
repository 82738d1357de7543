-- Shared by all runs.

-- Send nothing before every connection has been accepted. Node.js accepts one at a time, and serves
-- the others in between: the last of 128 would once wait for more than a second, and that wait would
-- be all that the slowest percent shows.
local SETTLE_MILLISECONDS = 500

local connections_to_come

-- Call this from init().
function expect_connections(count)
  connections_to_come = count
end

-- wrk calls this before each request; the first calls are for the connections' first requests.
function delay()
  if connections_to_come > 0 then
    connections_to_come = connections_to_come - 1
    return SETTLE_MILLISECONDS
  end
  return 0
end

-- Print the measurements as a line of JSON, the last line of wrk's output. Times are in microseconds.
function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '{"requests": %.0f, "duration": %.0f, "p50": %.0f, "p99": %.0f, "refused": %.0f, "broken": %.0f}\n',
    summary.requests,
    summary.duration - SETTLE_MILLISECONDS * 1000,
    latency:percentile(50),
    latency:percentile(99),
    errors.status,
    errors.connect + errors.read + errors.write + errors.timeout
  ))
end
