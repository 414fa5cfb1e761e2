if taken and not mine then return { known[1], tonumber(known[2]) } end
local fence = tonumber(known[2] or "0")
if not taken then fence = math.max(fence + 1, now) end
write(fence, now + ARGV[1])
return { owner, fence }
