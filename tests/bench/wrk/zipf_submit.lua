-- POST /submit by Zipf's law: player n is chosen in proportion to 1 / n, so a few players get most submits.
local here = debug.getinfo(1, "S").source:match("@(.*/)")
dofile(here .. "common.lua")

function prepare()
    head = "POST /api/leaderboard/submit HTTP/1.1\r\nHost: " .. host
        .. "\r\nContent-Type: application/json\r\nContent-Length: "
end

function request()
    local player = math.floor(players ^ math.random())
    local body = string.format('{"user_id": %d, "score": %d}', player, math.random(10000))
    return head .. #body .. "\r\n\r\n" .. body
end
