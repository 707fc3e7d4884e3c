-- GET /rank/{user_id}: another random player each request.
local here = debug.getinfo(1, "S").source:match("@(.*/)")
dofile(here .. "common.lua")

function prepare()
    tail = " HTTP/1.1\r\nHost: " .. host .. "\r\n\r\n"
end

function request()
    return "GET /api/leaderboard/rank/" .. math.random(players) .. tail
end
