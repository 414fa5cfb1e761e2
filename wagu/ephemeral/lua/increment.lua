-- ARGV: ttl in ms of a count that begins, what to add
local total = redis.call("INCRBY", KEYS[1], ARGV[2])
if redis.call("PTTL", KEYS[1]) < 0 then redis.call("PEXPIRE", KEYS[1], ARGV[1]) end
return {total, redis.call("PTTL", KEYS[1])}
