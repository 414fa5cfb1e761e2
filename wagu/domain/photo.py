"""A photo: a picture that somebody uploaded, shown by a post or a profile, or by nothing yet."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NewType

from wagu.domain.person import MemberId
from wagu.errors import NotFound

PhotoId = NewType("PhotoId", str)
"""22 characters of 128 random bits."""

SHAPE = re.compile(r"[A-Za-z0-9_-]{22}", re.ASCII)
UNUSED_MAX = 100
"""Photos of one member that wait to be used; what nothing shows within a day is swept."""

UNUSED_FOR = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Photo:
    """`digest` is where wagu.images keeps it; `width` and `height` are those of the original."""

    id: PhotoId
    owner: MemberId
    digest: str
    width: int
    height: int
    used: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo as others see it."""

    id: PhotoId
    width: int
    height: int


def photo_id(raw: str) -> PhotoId:
    """NotFound `photo.unknown` for what can be no id."""
    if not SHAPE.fullmatch(raw):
        raise unknown_photo()
    return PhotoId(raw)


def unknown_photo() -> NotFound:
    return NotFound("photo.unknown", "없는 사진이에요.")
