"""People as they see each other: profiles, who follows whom, who blocked whom."""

from __future__ import annotations

from dataclasses import dataclass

from wagu.domain.member import USERNAME
from wagu.domain.person import MemberId
from wagu.domain.photo import PhotoId
from wagu.domain.text import clean_text
from wagu.errors import Conflict, Invalid, NotFound

LONGEST_BIO = 300
FOLLOWINGS_MAX = 5_000
"""Feeds read the posts of all whom one follows."""


@dataclass(frozen=True, slots=True)
class Bond:
    """What two people are to each other, seen from one of them."""

    follows: bool = False
    followed: bool = False
    blocks: bool = False

    @property
    def friends(self) -> bool:
        return self.follows and self.followed


@dataclass(frozen=True, slots=True)
class Someone:
    """A member in a list."""

    id: MemberId
    username: str
    name: str
    photo: PhotoId | None
    bond: Bond


@dataclass(frozen=True, slots=True)
class Profile:
    """`posts` are those that the viewer may see."""

    someone: Someone
    bio: str
    posts: int
    followers: int
    followings: int


def bio_of(raw: str) -> str:
    bio = clean_text(raw, LONGEST_BIO)
    if bio is None:
        raise Invalid("member.bad_bio", f"소개는 {LONGEST_BIO}자까지예요.", field="bio")
    return bio


def addressed(raw: str) -> str:
    """The username in an address. NotFound `member.unknown` for what can be none."""
    if not USERNAME.fullmatch(raw):
        raise unknown_member()
    return raw


def unknown_member() -> NotFound:
    """Also for one who blocked the viewer, or whose account is closed."""
    return NotFound("member.unknown", "없는 회원이에요.")


def not_oneself() -> Conflict:
    return Conflict("member.oneself", "자기 자신에게는 할 수 없어요.")
