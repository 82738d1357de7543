-- Lock four seats after another four, and confirm them a while later, all for one holder.
-- wrk ... -s parties.lua URL -- CONNECTIONS FIRST_SEAT

dofile("load.lua")

local PARTY = 4
-- How many seats are locked before the first are confirmed: as in session.lua.
local LAG = 512 * PARTY

local next_to_lock, next_to_confirm

function init(arguments)
  expect_connections(tonumber(arguments[1]))
  wrk.headers["Authorization"] = "Bearer 0123456789abcdef0123456789abcdef"
  wrk.headers["Content-Type"] = "application/json"
  next_to_lock = tonumber(arguments[2])
  -- Skip the first party, as in session.lua.
  next_to_confirm = next_to_lock + PARTY
end

local function call(path, first)
  local seats = {}
  for seat = first, first + PARTY - 1 do
    seats[#seats + 1] = '"' .. seat .. '"'
  end
  return wrk.format("POST", path, nil, '{"seats":[' .. table.concat(seats, ",") .. ']}')
end

function request()
  if next_to_lock - next_to_confirm > LAG then
    next_to_confirm = next_to_confirm + PARTY
    return call("/confirm", next_to_confirm - PARTY)
  end
  next_to_lock = next_to_lock + PARTY
  return call("/lock", next_to_lock - PARTY)
end
