"""Recordings of lives: begun when their host wanted it, kept as objects, gone with the live."""
