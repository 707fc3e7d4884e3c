-- What the scripts share: a random sequence of its own for each thread of each run, and a result that load.py can read.
-- Usage: SEED=7 API_KEY=lb_... wrk -s submit.lua ... URL -- PLAYERS

local started = 0

function setup(thread)
    started = started + 1
    thread:set("number", started)
end

-- Each thread has its own Lua, so these globals are the thread's. `host` is the value of the Host header, and with a key
-- the next header too.
function init(args)
    math.randomseed(tonumber(os.getenv("SEED") or "1") * 1000 + number)
    players = tonumber(args[1])
    local key = os.getenv("API_KEY") or ""
    host = wrk.host .. (key ~= "" and "\r\nAuthorization: Bearer " .. key or "")
    prepare()
end

-- Submits are written out instead of wrk.format: the client shares the processor with what it measures.
function prepare_submit()
    head = "POST /api/leaderboard/submit HTTP/1.1\r\nHost: " .. host
        .. "\r\nContent-Type: application/json\r\nContent-Length: "
end

-- A submit of a random score of `player`.
function submit(player)
    local body = string.format('{"user_id": %d, "score": %d}', player, math.random(10000))
    return head .. #body .. "\r\n\r\n" .. body
end

-- `errors.status` counts the answers with 400 and above; nothing that is measured here answers 1xx or 3xx.
function done(summary, latency, requests)
    local errors = summary.errors
    io.write(string.format(
        'RESULT {"seconds": %.6f, "requests": %d, "bytes": %d, "p50_ms": %.3f, "p99_ms": %.3f, "max_ms": %.3f, '
            .. '"errors": {"status": %d, "connect": %d, "read": %d, "write": %d, "timeout": %d}}\n',
        summary.duration / 1e6, summary.requests, summary.bytes,
        latency:percentile(50) / 1000, latency:percentile(99) / 1000, latency.max / 1000,
        errors.status, errors.connect, errors.read, errors.write, errors.timeout
    ))
end
