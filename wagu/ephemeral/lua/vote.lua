-- ARGV: ttl, person, nominee, "1" for, "0" to take it back
local person, nominee, on = ARGV[2], ARGV[3], ARGV[4] == "1"
if not open then return refused("ballot.closed") end
if not contains(ids, nominee) then return refused("ballot.unknown_nominee") end

local before = words(field("v:" .. person, ""))
if contains(before, nominee) ~= on then
  local after = {}
  for _, id in ipairs(before) do
    if id ~= nominee then after[#after + 1] = id end
  end
  if on then after[#after + 1] = nominee end
  redis.call("HSET", key, "v:" .. person, table.concat(after, " "))
  changed()
end
return mine(person)
