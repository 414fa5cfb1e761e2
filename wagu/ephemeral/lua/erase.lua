-- A line of a log (see append.lua) loses its text; its number and its once stay.
-- ARGV: ttl in ms, number
local key, line = KEYS[1], "l:" .. ARGV[2]
local text = redis.call("HGET", key, line)
if not text or text == "" then return 0 end
redis.call("HSET", key, line, "")
redis.call("PEXPIRE", key, ARGV[1])
return 1
