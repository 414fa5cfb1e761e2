"""A draft of a review: what it is made from, in which voice, and within which bounds."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from wagu.domain.menu import HIGHEST_PRICE, LONGEST_NAME, MENUS_MAX
from wagu.domain.place import place_name
from wagu.domain.post import Category
from wagu.domain.text import clean_line, clean_text
from wagu.errors import Invalid

LONGEST_WORDS = 500
LONGEST_DRAFT = 2_000
"""Code points. What is longer is no review, whoever writes it."""

PHOTOS_MAX = 4


class Tone(enum.StrEnum):
    RECORD = "record"  # 기록
    FRIENDLY = "friendly"  # 친근
    SHORT = "short"  # 짧게


class Language(enum.StrEnum):
    KOREAN = "ko"
    ENGLISH = "en"


class Origin(enum.StrEnum):
    """Who wrote a draft; of the same words as TextOrigin."""

    AI = "ai"
    TEMPLATE = "template"


@dataclass(frozen=True, slots=True)
class Dish:
    """`price` in won."""

    name: str
    price: int | None


@dataclass(frozen=True, slots=True)
class Meal:
    """What its eater tells about a meal; `words` may be empty. Cleaned and bounded."""

    place: str
    category: Category | None
    dishes: tuple[Dish, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Brief:
    """What a draft is asked for with; `photos` are JPEG files."""

    meal: Meal
    tone: Tone
    language: Language
    photos: tuple[bytes, ...] = ()


def meal_of(place: str, category: Category | None, dishes: Sequence[Dish], words: str) -> Meal:
    """Cleaned. Invalid `place.bad_name`, `post.menu_…`, `draft.bad_words`."""
    if len(dishes) > MENUS_MAX:
        raise Invalid("post.menu_count", f"메뉴는 {MENUS_MAX}개까지예요.", field="menus")
    said = clean_text(words, LONGEST_WORDS)
    if said is None:
        raise Invalid("draft.bad_words", f"메모는 {LONGEST_WORDS}자까지예요.", field="words")
    try:
        name = place_name(place)
    except Invalid as wrong:
        raise Invalid(wrong.code, wrong.message, field="place") from None
    return Meal(name, category, tuple(map(_cleaned, dishes)), said)


def _cleaned(dish: Dish) -> Dish:
    name = clean_line(dish.name, LONGEST_NAME)
    if name is None:
        raise Invalid("post.menu_name", f"메뉴 이름은 1–{LONGEST_NAME}자예요.", field="menus")
    if dish.price is not None and not 0 <= dish.price <= HIGHEST_PRICE:
        raise Invalid("post.menu_price", "가격이 올바르지 않아요.", field="menus")
    return Dish(name, dish.price)
