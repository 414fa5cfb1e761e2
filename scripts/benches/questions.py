"""What people ask of feeds, maps and search: many different questions, the same in each run."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from urllib.parse import urlencode

from seeds.words import CITIES, FOOD, OWNERS
from wagu.domain.hangul import initials
from wagu.domain.post import Category

SCREENS = ((390, 780), (1600, 900))
MISSPELLED = str.maketrans({"볶": "뽁", "개": "게", "까": "가", "돈": "똔", "냉": "넹", "떡": "덕"})

Question = Callable[[Random], str]
"""A path with its query."""


def feed(chance: Random) -> str:
    scope = chance.choices(("following", "everyone", "mine"), (6, 3, 1))[0]
    query = {"scope": scope}
    if chance.random() < 0.3:
        query["category"] = chance.choice(tuple(Category)).value
    if chance.random() < 0.3:
        # Some page further down: a moment of the two years that are seeded.
        query["after"] = f"{1_740_000_000 + chance.random() * 45_000_000:.3f}-1"
    return f"/api/feed?{urlencode(query)}"


def viewport(chance: Random) -> str:
    zoom = chance.choice((7, 11, 12, 13, 14, 15, 16, 17))
    _, lat, lng, spread, _ = chance.choices(CITIES, [city[4] for city in CITIES])[0]
    lat, lng = chance.gauss(lat, spread), chance.gauss(lng, spread)
    width, height = chance.choice(SCREENS)
    east = width * 360 / (256 << zoom) / 2
    north = height * 360 / (256 << zoom) / 2 * 0.8  # the cosine of Korea's latitude
    box = ",".join(f"{edge:.5f}" for edge in (lat - north, lng - east, lat + north, lng + east))
    return f"/api/places/clusters?bbox={box}&zoom={zoom}"


def search(chance: Random) -> str:
    food = chance.choice(FOOD[chance.choice(tuple(FOOD))])[0]
    text = chance.choice((food, f"{chance.choice(OWNERS)} {food}", chance.choice(OWNERS)))
    kind = chance.choices(("places", "records"), (8, 2))[0]
    how = chance.random()
    if how < 0.3:
        text = text[: chance.randint(1, len(text))].strip() or text
    elif how < 0.5:
        text = initials(text)
    elif how < 0.7:
        text = text.translate(MISSPELLED)
    return f"/api/search?{urlencode({'q': text, 'kind': kind})}"


QUESTIONS: dict[str, Question] = {"feed": feed, "viewport": viewport, "search": search}
