-- GET /top: the same ten best players each request.
local here = debug.getinfo(1, "S").source:match("@(.*/)")
dofile(here .. "common.lua")

function prepare()
    whole = "GET /api/leaderboard/top?limit=10 HTTP/1.1\r\nHost: " .. host .. "\r\n\r\n"
end

function request()
    return whole
end
