-- ARGV: ttl, nominee to keep…
if open then return refused("ballot.open") end
local keep = {}
for i = 2, #ARGV do
  if not contains(ids, ARGV[i]) then return refused("ballot.unknown_nominee") end
  keep[ARGV[i]] = true
end

local left = {}
for _, id in ipairs(ids) do
  if keep[id] then left[#left + 1] = id else redis.call("HDEL", key, "n:" .. id) end
end
for _, prefix in ipairs({ "v:", "d:", "c:" }) do
  for _, found in ipairs(fields_with(prefix)) do redis.call("HDEL", key, found[1]) end
end
redis.call("HDEL", key, "voters")
redis.call("HSET", key, "phase", "open", "ids", table.concat(left, " "))
redis.call("HINCRBY", key, "round", redis.call("HEXISTS", key, "round") == 1 and 1 or 2)
changed()
return view()
