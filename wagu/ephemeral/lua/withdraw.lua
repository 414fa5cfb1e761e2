-- ARGV: ttl, nominee, by, "1" if by is the host
local nominee = ARGV[2]
if not open then return refused("ballot.closed") end
if not contains(ids, nominee) then return refused("ballot.unknown_nominee") end
if ARGV[4] ~= "1" and cjson.decode(field("n:" .. nominee)).by ~= ARGV[3] then
  return refused("ballot.not_yours")
end

local left = {}
for _, id in ipairs(ids) do
  if id ~= nominee then left[#left + 1] = id end
end
redis.call("HSET", key, "ids", table.concat(left, " "))
redis.call("HDEL", key, "n:" .. nominee)
for _, vote in ipairs(fields_with("v:")) do
  local chosen = {}
  for _, id in ipairs(words(vote[2])) do
    if id ~= nominee then chosen[#chosen + 1] = id end
  end
  redis.call("HSET", key, vote[1], table.concat(chosen, " "))
end
if #left == 0 then
  for _, done in ipairs(fields_with("d:")) do redis.call("HDEL", key, done[1]) end
end
changed()
return view()
