"""Invents rows: the same for the same numbers, on every machine and in every version of today.

People are not alike: a few are followed by many and eat out often, and so it is with places; most
of everything is small. That is what makes feeds and maps slow or not.
"""

from __future__ import annotations

import hashlib
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Any

from seeds.words import (
    AFTER,
    BEFORE,
    CITIES,
    FOOD,
    GIVEN,
    OWNERS,
    SENTENCES,
    STREETS,
    SURNAMES,
)
from wagu.db.places import folded
from wagu.domain.hangul import search_text
from wagu.domain.matching import name_grams
from wagu.domain.mercator import pixel
from wagu.domain.place import Point
from wagu.domain.post import Category, TextOrigin
from wagu.domain.visibility import Visibility

Row = tuple[Any, ...]
BEGIN = datetime(2024, 11, 1, tzinfo=UTC).timestamp()
SPAN = timedelta(days=750).total_seconds()
VISIBILITIES = ((Visibility.PUBLIC, 70), (Visibility.FRIENDS, 20), (Visibility.PRIVATE, 10))
ORIGINS = (
    (TextOrigin.OWN, 60),
    (TextOrigin.AI_EDITED, 25),
    (TextOrigin.AI, 12),
    (TextOrigin.TEMPLATE, 3),
)


@dataclass(frozen=True, slots=True)
class Size:
    members: int
    places: int
    posts: int
    pictures: int
    """Different ones, which photos take turns to show."""


@dataclass(frozen=True, slots=True)
class SomePlace:
    name: str
    category: Category
    menus: tuple[str, ...]


class Weighted:
    """Picks of 0 … n-1, the first ones more often: the share of number k falls with (k+3)^-0.7."""

    def __init__(self, count: int) -> None:
        self._sums = list(accumulate((number + 3) ** -0.7 for number in range(count)))

    def pick(self, chance: Random) -> int:
        return bisect(self._sums, chance.random() * self._sums[-1])


def members(size: Size, password_hash: str) -> Iterator[Row]:
    chance = Random("members")
    for number in range(1, size.members + 1):
        username = f"seed{number:05d}"
        name = chance.choice(SURNAMES) + "".join(chance.choices(GIVEN, k=2))
        search = search_text((name, username))
        yield (number, username, name, password_hash, False, BEGIN, f"{name}의 기록", search)


def follows(size: Size) -> Iterator[Row]:
    """Each follows some 40, popular ones more likely; two in five follow back."""
    chance, popular = Random("follows"), Weighted(size.members)
    seen: set[tuple[int, int]] = set()
    for follower in range(1, size.members + 1):
        for _ in range(min(size.members // 4, chance.randint(5, 50))):
            followee = popular.pick(chance) + 1
            pairs = [(follower, followee)]
            if chance.random() < 0.4:
                pairs.append((followee, follower))
            for pair in pairs:
                if pair[0] != pair[1] and pair not in seen:
                    seen.add(pair)
                    yield (*pair, BEGIN)


def blocks(size: Size) -> Iterator[Row]:
    chance = Random("blocks")
    for blocker in range(1, size.members + 1, 10):
        blocked = chance.randint(1, size.members)
        if blocked != blocker:
            yield (blocker, blocked, BEGIN)


def places(size: Size) -> tuple[list[SomePlace], list[Row], list[Row]]:
    """The places, their rows, and the rows of their grams."""
    chance = Random("places")
    shares = [city[4] for city in CITIES]
    some: list[SomePlace] = []
    rows: list[Row] = []
    grams: list[Row] = []
    for number in range(1, size.places + 1):
        category = chance.choice(tuple(FOOD))
        food, menus = chance.choice(FOOD[category])
        name = _place_name(chance, food)
        district, lat, lng, spread, _ = chance.choices(CITIES, shares)[0]
        at = Point(round(chance.gauss(lat, spread), 6), round(chance.gauss(lng, spread), 6))
        address = f"{district} {chance.choice(STREETS)} {chance.randint(1, 200)}"
        spot, search = pixel(at), folded(f"{name} {address}")
        by = chance.randint(1, size.members)
        where = (at.lat, at.lng, category.value, address, search, spot.x, spot.y)
        rows.append((number, name, *where, by, BEGIN))
        grams.extend((gram, number) for gram in sorted(name_grams(name)))
        some.append(SomePlace(name, category, menus))
    return some, rows, grams


def _place_name(chance: Random, food: str) -> str:
    parts = [food]
    if chance.random() < 0.6:
        parts.insert(0, chance.choice(BEFORE if chance.random() < 0.5 else OWNERS))
    if chance.random() < 0.6:
        parts.append(chance.choice(AFTER))
    if chance.random() < 0.3:
        parts[-1] += f" {chance.choice(OWNERS)}점"
    return (" " if chance.random() < 0.7 else "").join(parts)


@dataclass(slots=True)
class Meals:
    """Rows of posts, their menus and their photos, in step."""

    posts: list[Row]
    menus: list[Row]
    photos: list[Row]


def meals(size: Size, where: list[SomePlace], digests: list[str], batch: int) -> Iterator[Meals]:
    chance = Random("meals")
    eaters, spots = Weighted(size.members), Weighted(size.places)
    step, menu_id = SPAN / max(1, size.posts), 0
    made = Meals([], [], [])
    for number in range(1, size.posts + 1):
        now = BEGIN + step * number
        author, at = eaters.pick(chance) + 1, spots.pick(chance)
        place = where[at]
        eaten = chance.sample(place.menus, chance.randint(1, len(place.menus)))
        pictured = chance.random() < 0.7
        made.posts.append(_post(chance, number, author, at + 1, place, eaten, now))
        for position, name in enumerate(eaten):
            menu_id += 1
            photo = None
            if pictured and digests and (position == 0 or chance.random() < 0.5):
                photo = _photo_id(menu_id)
                digest = digests[menu_id % len(digests)]
                made.photos.append((photo, author, digest, 1200, 900, True, now))
            price = chance.randint(30, 250) * 100
            made.menus.append((menu_id, number, position, name, price, "", photo, position == 0))
        if len(made.posts) == batch:
            yield made
            made = Meals([], [], [])
    if made.posts:
        yield made


def _post(
    chance: Random,
    number: int,
    author: int,
    place_id: int,
    place: SomePlace,
    eaten: list[str],
    now: float,
) -> Row:
    text = " ".join(chance.sample(SENTENCES, chance.randint(1, 5)))
    return (
        number,
        author,
        place_id,
        place.category.value,
        chance.choice((None, 3, 4, 4, 5, 5)),
        _chosen(chance, VISIBILITIES).value,
        text,
        _chosen(chance, ORIGINS).value,
        datetime.fromtimestamp(now, UTC).date(),
        search_text((place.name, *eaten)),
        now,
        now,
    )


def _chosen(chance: Random, weighted: tuple[tuple[Any, int], ...]) -> Any:
    values, weights = zip(*weighted, strict=True)
    return chance.choices(values, weights)[0]


def _photo_id(number: int) -> str:
    """22 characters, as those that are random."""
    return hashlib.sha256(f"photo {number}".encode()).hexdigest()[:22]
