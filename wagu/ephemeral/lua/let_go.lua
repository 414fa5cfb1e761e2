if not mine then return 0 end
write(tonumber(known[2]), now)
return 1
