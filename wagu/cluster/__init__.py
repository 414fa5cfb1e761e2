"""Many processes as one service: which nodes there are, who has which room, and the ways."""
