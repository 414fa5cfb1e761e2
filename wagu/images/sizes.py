"""Which renditions exist, how large they come out, and what they are called. No pixels here."""

from __future__ import annotations

from typing import Literal, NewType, get_args

Digest = NewType("Digest", str)
"""Of a photo: SHA-256 of its source file, 64 hexadecimal digits."""

Side = Literal[256, 512, 1024, 2048]
Format = Literal["webp", "jpg"]

SIDES: tuple[Side, ...] = get_args(Side)
FORMATS: tuple[Format, ...] = get_args(Format)
CONTENT_TYPES: dict[Format, str] = {"webp": "image/webp", "jpg": "image/jpeg"}

SOURCE_SIDE = 4096
"""Longest side of what we keep: a 12 MP phone photo (4032 × 3024) stays as it is."""

MOST_ENLARGED = 4
"""Times. Beyond it nothing is left to restore, and a browser blurs as well as we do."""


def fitted(width: int, height: int, side: int) -> tuple[int, int]:
    """The size with `side` as its longest side; never larger than it was. For `srcset` too."""
    return _scaled(width, height, min(1.0, side / max(width, height)))


def enlarged(width: int, height: int, side: int) -> tuple[int, int]:
    """As `fitted`, but a smaller photo grows, up to MOST_ENLARGED times."""
    return _scaled(width, height, min(float(MOST_ENLARGED), side / max(width, height)))


def _scaled(width: int, height: int, factor: float) -> tuple[int, int]:
    return max(1, round(width * factor)), max(1, round(height * factor))
