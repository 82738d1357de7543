-- What all runs have in common.

-- Nothing is asked before every connection has been accepted. Node.js accepts one at a time, and
-- answers all others in between: the last of 128 would wait for more than a second, once, and that
-- would be all that can be seen in the slowest percent.
local SETTLE_MILLISECONDS = 500

local connections_to_come

-- To be called by init().
function expect_connections(count)
  connections_to_come = count
end

-- wrk calls this before it sends a request. The first calls are those for each connection's first.
function delay()
  if connections_to_come > 0 then
    connections_to_come = connections_to_come - 1
    return SETTLE_MILLISECONDS
  end
  return 0
end

-- Writes what was measured as a line of JSON, the last that wrk prints. All times in microseconds.
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
