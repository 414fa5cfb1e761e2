"""Photos: check → source → variants → store.

The server side (`photos`, `pool`, `store`) never imports Pillow; `worker` and what it calls run in
processes of their own. README.md says why.
"""
