"""How much of a photo we take on. Apart from `check`, so that the server need not import Pillow."""

from __future__ import annotations

LARGEST_FILE = 25 * 1024 * 1024
MOST_PIXELS = 50_000_000
