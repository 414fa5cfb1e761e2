"""A post: one meal at one place, with what was eaten, for those who may see it."""

from __future__ import annotations

import datetime
import enum
from dataclasses import dataclass
from typing import NewType

from wagu.domain.key import key_of
from wagu.domain.menu import Menu, NewMenu
from wagu.domain.person import MemberId
from wagu.domain.photo import PhotoId, Picture
from wagu.domain.place import Place
from wagu.domain.text import clean_text
from wagu.domain.visibility import Visibility
from wagu.errors import Invalid, NotFound

PostId = NewType("PostId", int)

LONGEST_TEXT = 5_000
EXCERPT = 140
"""Code points of the text that a card shows."""

EARLIEST_MEAL = datetime.date(1900, 1, 1)
EAST_OF_UTC = datetime.timedelta(hours=14)
"""The first time zone to reach a day (Kiribati): a meal is not in the future there."""


class Category(enum.StrEnum):
    KOREAN = "한식"
    CHINESE = "중식"
    JAPANESE = "일식"
    WESTERN = "양식"
    SNACK = "분식"
    CAFE = "카페"
    DESSERT = "디저트"
    OTHER = "기타"


class TextOrigin(enum.StrEnum):
    """Who wrote the text; a post says so when it was not its author alone."""

    OWN = "own"
    AI = "ai"
    AI_EDITED = "ai_edited"
    TEMPLATE = "template"


@dataclass(frozen=True, slots=True)
class Author:
    id: MemberId
    name: str
    username: str
    photo: PhotoId | None


@dataclass(frozen=True, slots=True)
class NewPost:
    """What its author may set, checked; the place comes beside it."""

    category: Category
    rating: int | None
    visibility: Visibility
    text: str
    text_origin: TextOrigin
    eaten_on: datetime.date | None
    menus: tuple[NewMenu, ...]


@dataclass(frozen=True, slots=True)
class Post:
    """Times are seconds since the Unix epoch."""

    id: PostId
    author: Author
    place: Place
    category: Category
    rating: int | None
    visibility: Visibility
    text: str
    text_origin: TextOrigin
    eaten_on: datetime.date | None
    menus: tuple[Menu, ...]
    created_at: float
    updated_at: float


@dataclass(frozen=True, slots=True)
class Card:
    """A post in a list: the beginning of its text, its main menu, all its pictures."""

    id: PostId
    author: Author
    place: Place
    category: Category
    rating: int | None
    visibility: Visibility
    excerpt: str
    text_origin: TextOrigin
    eaten_on: datetime.date | None
    menu: str
    price: int | None
    pictures: tuple[Picture, ...]
    created_at: float


def post_id(raw: str) -> PostId:
    """NotFound `post.unknown` for what can be no id."""
    key = key_of(raw)
    if key is None:
        raise unknown_post()
    return PostId(key)


def post_text(raw: str) -> str:
    """May be empty: the photos can say it all."""
    text = clean_text(raw, LONGEST_TEXT)
    if text is None:
        raise Invalid("post.bad_text", f"글은 {LONGEST_TEXT}자까지예요.", field="text")
    return text


def post_rating(stars: int | None) -> int | None:
    if stars is not None and not 1 <= stars <= 5:
        raise Invalid("post.bad_rating", "별점은 1–5예요.", field="rating")
    return stars


def eaten_on(day: datetime.date | None, now: float) -> datetime.date | None:
    """A day that has begun somewhere on earth."""
    if day is None:
        return None
    utc = datetime.datetime.fromtimestamp(now, datetime.UTC)
    if not EARLIEST_MEAL <= day <= (utc + EAST_OF_UTC).date():
        raise Invalid("post.bad_date", "먹은 날짜가 올바르지 않아요.", field="eaten_on")
    return day


def unknown_post() -> NotFound:
    """Also for a post that the viewer may not see: that it exists is nobody's business."""
    return NotFound("post.unknown", "없는 글이에요.")
