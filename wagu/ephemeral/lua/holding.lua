-- Put before every script of a hold. One hash (KEYS[1]): owner, fence, till (ms since the epoch, by
-- Redis' own clock). It lives on after `till`, so that the fence is remembered.
-- ARGV: ttl in ms, owner, ms until the hash is forgotten
local key, owner = KEYS[1], ARGV[2]
local time = redis.call("TIME")
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local known = redis.call("HMGET", key, "owner", "fence", "till")
local taken = known[1] and tonumber(known[3]) > now
local mine = taken and known[1] == owner

-- Numbers of this size would be written as 1.7e+12.
local function digits(number) return string.format("%.0f", number) end

local function write(fence, till)
  redis.call("HSET", key, "owner", owner, "fence", digits(fence), "till", digits(till))
  redis.call("PEXPIRE", key, ARGV[3])
end
