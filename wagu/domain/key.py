"""Numbers and words that name rows, as they come in addresses."""

from __future__ import annotations

import re

LARGEST_ID = 2**53 - 1  # what a JavaScript number holds
_WORD = re.compile(r"[A-Za-z0-9_-]{22}")


def key_of(raw: str) -> int | None:
    """None for what no row is named by."""
    if not (raw.isascii() and raw.isdigit() and len(raw) <= 16):
        return None
    return int(raw) if int(raw) <= LARGEST_ID else None


def is_word(raw: str) -> bool:
    """Is it 128 bits in URL-safe Base64, as `secrets.token_urlsafe(16)` makes them?"""
    return _WORD.fullmatch(raw) is not None
