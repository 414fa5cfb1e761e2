-- ARGV: ttl, person
return mine(ARGV[2])
