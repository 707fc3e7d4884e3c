-- Nine reads for each submit: ranks of random players and top lists in equal numbers.
local here = debug.getinfo(1, "S").source:match("@(.*/)")
dofile(here .. "common.lua")

function prepare()
    tail = " HTTP/1.1\r\nHost: " .. host .. "\r\n\r\n"
    prepare_submit()
end

function request()
    local chosen = math.random(20)
    if chosen > 11 then
        return "GET /api/leaderboard/rank/" .. math.random(players) .. tail
    elseif chosen > 2 then
        return "GET /api/leaderboard/top?limit=10" .. tail
    end
    return submit(math.random(players))
end
