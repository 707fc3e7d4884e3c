-- POST /submit: a random player and a random score a request.
local here = debug.getinfo(1, "S").source:match("@(.*/)")
dofile(here .. "common.lua")

-- Written out instead of wrk.format: the client shares the processor with what it measures.
function prepare()
    head = "POST /api/leaderboard/submit HTTP/1.1\r\nHost: " .. host
        .. "\r\nContent-Type: application/json\r\nContent-Length: "
end

function request()
    local body = string.format('{"user_id": %d, "score": %d}', math.random(players), math.random(10000))
    return head .. #body .. "\r\n\r\n" .. body
end
