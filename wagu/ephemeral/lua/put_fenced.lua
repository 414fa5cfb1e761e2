-- A fenced value is one hash: value, fence.
-- ARGV: ttl in ms, value, fence
local known = redis.call("HGET", KEYS[1], "fence")
if known and tonumber(known) > tonumber(ARGV[3]) then return 0 end
redis.call("HSET", KEYS[1], "value", ARGV[2], "fence", ARGV[3])
redis.call("PEXPIRE", KEYS[1], ARGV[1])
return 1
