-- ARGV: ttl, nominee as JSON, spelling, latitude, longitude, place id or "", most nominees,
--       metres that count as one spot, metres per degree
local spelling, lat, lng, place = ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5]), ARGV[6]

local function near(other_lat, other_lng)
  local degrees = math.abs(lng - other_lng)
  local east = math.min(degrees, 360 - degrees) * math.cos(math.rad((other_lat + lat) / 2))
  local north = lat - other_lat
  return math.sqrt(east * east + north * north) * tonumber(ARGV[9]) <= tonumber(ARGV[8])
end

local function same(id)
  local other = cjson.decode(field("n:" .. id))
  if place ~= "" and tostring(other.place_id) == place then return true end
  return other.spelling == spelling and near(other.at[1], other.at[2])
end

if not open then return refused("ballot.closed") end
for _, id in ipairs(ids) do
  if same(id) then return refused("ballot.already_nominated") end
end
if #ids >= tonumber(ARGV[7]) then return refused("ballot.full") end

local id = "n-" .. redis.call("HINCRBY", key, "next", 1)
ids[#ids + 1] = id
redis.call("HSET", key, "ids", table.concat(ids, " "), "n:" .. id, ARGV[2])
changed()
return view()
