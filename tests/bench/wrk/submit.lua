-- POST /submit: a random player and a random score a request.
local here = debug.getinfo(1, "S").source:match("@(.*/)")
dofile(here .. "common.lua")

prepare = prepare_submit

function request()
    return submit(math.random(players))
end
