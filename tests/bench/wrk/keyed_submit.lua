-- POST /submit with an Idempotency-Key of its own, as clients are told to: a random player and a random score a request.
local here = debug.getinfo(1, "S").source:match("@(.*/)")
dofile(here .. "common.lua")

-- Unique across the threads and runs of one benchmark: the seed differs from run to run, the number from thread to thread.
function prepare()
    sent = 0
    head = "POST /api/leaderboard/submit HTTP/1.1\r\nHost: " .. host
        .. "\r\nContent-Type: application/json\r\nIdempotency-Key: bench-" .. (os.getenv("SEED") or "1") .. "-" .. number .. "-"
end

function request()
    sent = sent + 1
    local body = string.format('{"user_id": %d, "score": %d}', math.random(players), math.random(10000))
    return head .. sent .. "\r\nContent-Length: " .. #body .. "\r\n\r\n" .. body
end
