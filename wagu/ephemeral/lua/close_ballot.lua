-- ARGV: ttl, "1" to close only if all of the following are done, person…
local function all_done()
  if #ids == 0 or #ARGV < 3 then return false end
  for i = 3, #ARGV do
    if redis.call("HEXISTS", key, "d:" .. ARGV[i]) == 0 then return false end
  end
  return true
end

if not open or (ARGV[2] == "1" and not all_done()) then return view() end

local counts, voters = {}, 0
for _, id in ipairs(ids) do counts[id] = 0 end
for _, vote in ipairs(fields_with("v:")) do
  local chosen = words(vote[2])
  if #chosen > 0 then voters = voters + 1 end
  for _, id in ipairs(chosen) do counts[id] = counts[id] + 1 end
end
redis.call("HSET", key, "phase", "closed", "voters", voters)
for id, votes in pairs(counts) do redis.call("HSET", key, "c:" .. id, votes) end
changed()
return view()
