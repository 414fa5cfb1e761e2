"""One's own account, as only its owner sees it."""

from __future__ import annotations

from dataclasses import dataclass

from wagu.domain.member import Member
from wagu.domain.photo import PhotoId

GRACE = 30 * 86_400.0
"""Seconds that a closed account waits before everything of it goes."""

FRESH = 600.0
"""Seconds after signing in during which one need not prove again who one is."""


@dataclass(frozen=True, slots=True)
class Identity:
    """A sign-in at a provider; who they are there is of no use to anybody."""

    provider: str
    created_at: float


@dataclass(frozen=True, slots=True)
class Account:
    member: Member
    bio: str
    photo: PhotoId | None
    has_password: bool
    identities: tuple[Identity, ...]
    created_at: float


@dataclass(frozen=True, slots=True)
class Change:
    """None stays as it is; a photo can also be taken away, so it says whether it was given."""

    name: str | None = None
    bio: str | None = None
    photo: PhotoId | None = None
    photo_given: bool = False
