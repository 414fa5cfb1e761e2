"""Everything that lasts, in one file, and back: the database, photos, recordings.

What ends within hours anyway (sessions, shared maps, ballots, chat) is not in it.
"""
