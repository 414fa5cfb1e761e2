-- ARGV: ttl, person, "1" or "0"
local name, on = "d:" .. ARGV[2], ARGV[3] == "1"
if not open then return refused("ballot.closed") end
if (redis.call("HEXISTS", key, name) == 1) ~= on then
  if on and #ids == 0 then return refused("ballot.empty") end
  if on then redis.call("HSET", key, name, "1") else redis.call("HDEL", key, name) end
  changed()
end
return view()
