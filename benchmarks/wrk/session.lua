-- Locks seats one after the other and confirms each of them a while later, all for one holder.
-- wrk ... -s session.lua URL -- CONNECTIONS FIRST_SEAT

dofile("load.lua")

-- So many seats are locked before the first of them is confirmed. A script does not learn which of
-- its requests have been answered; by then, this one has: there are fewer connections than that.
local LAG = 512

local next_to_lock, next_to_confirm

function init(arguments)
  expect_connections(tonumber(arguments[1]))
  wrk.headers["Authorization"] = "Bearer 0123456789abcdef0123456789abcdef"
  wrk.headers["Content-Length"] = "0"
  next_to_lock = tonumber(arguments[2])
  -- Not the first: wrk calls request() once to look at what it returns, and does not send that.
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
