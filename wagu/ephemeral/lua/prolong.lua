if not mine then return 0 end
write(tonumber(known[2]), now + ARGV[1])
return 1
