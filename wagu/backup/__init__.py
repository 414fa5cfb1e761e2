"""Everything that lasts, in one file, and back: the database, photos, recordings.

Sessions, shared maps, ballots and chat are not in it, and end when it is put back.
"""
