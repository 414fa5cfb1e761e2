"""Search as people type it: all places, by the index of their names; one's own records, by reading
them all, since nobody eats ten thousand times.

An order by likeness has no keyset: pages are counted, and `after` is how many to pass over.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any

from sqlalchemy import ColumnElement, Double, Select, case, cast, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from wagu.db.cards import read_cards
from wagu.db.engine import Database
from wagu.db.places import COLUMNS, inside, literally, place_of
from wagu.db.schema import place, place_gram, post
from wagu.domain.matching import Question, Word, question, score
from wagu.domain.person import MemberId
from wagu.domain.place import Box, Place
from wagu.domain.post import Card

DEEPEST = 200
"""Places that one search can page through: nobody reads on."""

CANDIDATES = 40
"""Places that share most pieces of the question, looked at closely for each page."""

LITERALLY = 0.5
"""The score of what was found by signs, which no spelling has: `100%`."""


@dataclass(frozen=True, slots=True)
class Places:
    """`next` is how many places precede the following page, None at the end."""

    places: list[Place]
    next: int | None


@dataclass(frozen=True, slots=True)
class Records:
    cards: list[Card]
    next: int | None


class Search:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def places(self, text: str, *, box: Box | None, limit: int, after: int) -> Places:
        """Best first. Invalid `search.too_long`."""
        asked, wanted = question(text), min(after + limit, DEEPEST) + 1
        async with self._db.read() as connection:
            found = await _by_pieces(connection, asked, box, wanted)
            if len(found) < wanted:
                found = found | await _literal(connection, asked, text, box, wanted)
        best = sorted(found, key=lambda one: (-found[one], -one.id))[after : after + limit]
        end = after + len(best)
        return Places(best, end if len(found) > end and 0 < end < DEEPEST else None)

    async def records(self, author: MemberId, text: str, *, limit: int, after: int) -> Records:
        """One's own posts by place, menus, category and text, best first, then newest."""
        asked = question(text)
        if not asked.words:
            return Records([], None)
        likeness = reduce(add, map(_likeness, asked.words))
        query = (
            select(post.c.id)
            .where(post.c.author_id == author, *(_is_about(word) for word in asked.words))
            .order_by(likeness.desc(), post.c.created_at.desc(), post.c.id.desc())
            .limit(limit + 1)
            .offset(after)
        )
        async with self._db.read() as connection:
            ids = list((await connection.execute(query)).scalars())
            cards = {card.id: card for card in await read_cards(connection, ids[:limit])}
        page = [cards[found] for found in ids[:limit]]
        return Records(page, after + limit if len(ids) > limit else None)


async def _by_pieces(
    connection: AsyncConnection, asked: Question, box: Box | None, wanted: int
) -> dict[Place, float]:
    if not asked.words:
        return {}
    shared = func.count().label("shared")
    pieces = (
        select(place_gram.c.place_id, shared)
        .where(place_gram.c.gram.in_(sorted(asked.grams)))
        .group_by(place_gram.c.place_id)
        .having(shared >= asked.enough)
        .order_by(shared.desc(), place_gram.c.place_id.desc())
        .limit(max(CANDIDATES, 2 * wanted))
    )
    if box is not None:
        pieces = pieces.where(place_gram.c.place_id.in_(select(place.c.id).where(*inside(box))))
    most = pieces.subquery()
    query = select(*COLUMNS).join(most, most.c.place_id == place.c.id)
    rated = ((one, score(asked, one.name, one.address)) for one in await _read(connection, query))
    return {one: rate for one, rate in rated if rate is not None}


async def _literal(
    connection: AsyncConnection, asked: Question, text: str, box: Box | None, wanted: int
) -> dict[Place, float]:
    """By addresses, and by signs; these have no index, so they are asked for last."""
    query = select(*COLUMNS).where(*literally(text)).order_by(place.c.id.desc()).limit(wanted)
    if box is not None:
        query = query.where(*inside(box))
    found = await _read(connection, query)
    return {one: score(asked, one.name, one.address) or LITERALLY for one in found}


async def _read(connection: AsyncConnection, query: Select[tuple[object, ...]]) -> list[Place]:
    return [place_of(row) for row in (await connection.execute(query)).mappings()]


def _is_about(word: Word) -> ColumnElement[bool]:
    named = _has_initials(word) if word.is_initials else _shared(word) >= word.enough
    written = post.c.text.icontains(word.plain, autoescape=True)
    return or_(named, post.c.category == word.plain, written)


def _likeness(word: Word) -> ColumnElement[Any]:
    """From 0 to 1; what stands in the text only, 0."""
    if word.is_initials:
        return cast(case((_has_initials(word), 1), else_=0), Double)
    return cast(_shared(word), Double) / len(word.pieces)


def _shared(word: Word) -> ColumnElement[int]:
    has = (case((post.c.search.contains(piece), 1), else_=0) for piece in sorted(word.pieces))
    return reduce(add, has)


def _has_initials(word: Word) -> ColumnElement[bool]:
    return post.c.search.like(f"%#%{word.plain}%")
