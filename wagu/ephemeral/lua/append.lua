-- A log is one hash: last, l:<number> text, o:<number> its once, once:<once> its number.
-- ARGV: ttl in ms, text, once, lines to keep
local key, once = KEYS[1], ARGV[3]
local known = redis.call("HGET", key, "once:" .. once)
if known then return { tonumber(known), redis.call("HGET", key, "l:" .. known), 0 } end

local number = redis.call("HINCRBY", key, "last", 1)
redis.call("HSET", key, "l:" .. number, ARGV[2], "o:" .. number, once, "once:" .. once, number)
local old = number - tonumber(ARGV[4])
local old_once = redis.call("HGET", key, "o:" .. old)
if old_once then redis.call("HDEL", key, "l:" .. old, "o:" .. old, "once:" .. old_once) end
redis.call("PEXPIRE", key, ARGV[1])
return { number, ARGV[2], 1 }
