-- Put before every ballot script. One hash per ballot (KEYS[1]), rules as in wagu/domain/ballot.py:
--   round, version, phase, next, ids ("n-1 n-3", in order), voters (once closed)
--   n:<nominee>  its JSON without the id      c:<nominee>  its votes (once closed)
--   v:<person>   " n-1 n-3 "                  d:<person>   done
-- ARGV[1] is the time to live in ms. A refusal is answered as {"refused", code}.
local key = KEYS[1]

local function field(name, default)
  return redis.call("HGET", key, name) or default
end

local function words(text)
  local found = {}
  for word in string.gmatch(text, "%S+") do found[#found + 1] = word end
  return found
end

local function contains(list, wanted)
  for _, each in ipairs(list) do
    if each == wanted then return true end
  end
  return false
end

local function fields_with(prefix)
  local found, all = {}, redis.call("HGETALL", key)
  for i = 1, #all, 2 do
    if string.sub(all[i], 1, #prefix) == prefix then
      found[#found + 1] = { all[i], all[i + 1] }
    end
  end
  return found
end

local ids = words(field("ids", ""))
local open = field("phase", "open") == "open"

local function refused(code) return { "refused", code } end

local function changed()
  redis.call("HINCRBY", key, "version", 1)
  redis.call("PEXPIRE", key, ARGV[1])
end

-- Everything but the votes, which are secret and many.
local function view()
  local shown, all = {}, redis.call("HGETALL", key)
  for i = 1, #all, 2 do
    if string.sub(all[i], 1, 2) ~= "v:" then
      shown[#shown + 1] = all[i]
      shown[#shown + 1] = all[i + 1]
    end
  end
  return shown
end

local function mine(person)
  return { field("round", "1"), field("version", "0"), field("ids", ""), field("v:" .. person, "") }
end
