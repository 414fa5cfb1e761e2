"""What a model believes to see on photos of a meal: a kind of kitchen and dishes. Nobody's word for
it: the person who took the photos picks from it or does not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from wagu.domain.menu import LONGEST_NAME, MENUS_MAX
from wagu.domain.post import Category
from wagu.domain.text import clean_line


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Both may be empty."""

    category: Category | None
    dishes: tuple[str, ...]


def suggestion_of(category: str | None, dishes: Iterable[str]) -> Suggestion:
    """What of it can stand in a post: a category that there is, each dish once, within bounds."""
    known = {one.value: one for one in Category}
    cleaned = (clean_line(dish, LONGEST_NAME) for dish in dishes)
    named = dict.fromkeys(dish for dish in cleaned if dish is not None)
    return Suggestion(known.get(category or ""), tuple(named)[:MENUS_MAX])
