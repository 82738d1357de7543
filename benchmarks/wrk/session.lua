-- Lock one seat after another, and confirm each a while later, all for one holder.
-- wrk ... -s session.lua URL -- CONNECTIONS FIRST_SEAT

dofile("load.lua")

-- How many seats are locked before the first is confirmed. A script cannot see which requests have
-- been answered. By then that lock has been, because there are fewer connections than this.
local LAG = 512

local next_to_lock, next_to_confirm

function init(arguments)
  expect_connections(tonumber(arguments[1]))
  wrk.headers["Authorization"] = "Bearer 0123456789abcdef0123456789abcdef"
  wrk.headers["Content-Length"] = "0"
  next_to_lock = tonumber(arguments[2])
  -- Skip the first seat: wrk calls request() once to inspect its result, and never sends that lock.
  next_to_confirm = next_to_lock + 1
end

function request()
  if next_to_lock - next_to_confirm > LAG then
    next_to_confirm = next_to_confirm + 1
    return wrk.format("POST", "/confirm/" .. next_to_confirm - 1)
  end
  next_to_lock = next_to_lock + 1
  return wrk.format("POST", "/lock/" .. next_to_lock - 1)
end
