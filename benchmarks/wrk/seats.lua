-- Request the same address again and again.
-- wrk ... -s seats.lua URL -- CONNECTIONS

dofile("load.lua")

function init(arguments)
  expect_connections(tonumber(arguments[1]))
end
