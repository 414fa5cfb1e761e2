-- ARGV: ttl in ms, new value, expected value if there is to be one
if redis.call("GET", KEYS[1]) ~= (ARGV[3] or false) then return 0 end
redis.call("SET", KEYS[1], ARGV[2], "PX", ARGV[1])
return 1
