-- Nine reads for each submit: ranks of random players and top lists in equal numbers.
local here = debug.getinfo(1, "S").source:match("@(.*/)")
dofile(here .. "common.lua")

function prepare()
    tail = " HTTP/1.1\r\nHost: " .. host .. "\r\n\r\n"
    head = "POST /api/leaderboard/submit HTTP/1.1\r\nHost: " .. host
        .. "\r\nContent-Type: application/json\r\nContent-Length: "
end

function request()
    local chosen = math.random(20)
    if chosen > 11 then
        return "GET /api/leaderboard/rank/" .. math.random(players) .. tail
    elseif chosen > 2 then
        return "GET /api/leaderboard/top?limit=10" .. tail
    end
    local body = string.format('{"user_id": %d, "score": %d}', math.random(players), math.random(10000))
    return head .. #body .. "\r\n\r\n" .. body
end
