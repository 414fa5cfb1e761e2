if not taken then return {} end
return { known[1], tonumber(known[2]) }
