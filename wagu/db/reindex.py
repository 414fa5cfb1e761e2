"""What is worked out from names and points, worked out again: the search index and map pixels.

A change in `wagu.domain.hangul`, `matching` or `mercator` that writes something else than before
needs a migration that calls this.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update
from sqlalchemy.sql.expression import ColumnElement, Select

from wagu.db.schema import member, menu, place, place_gram, post
from wagu.domain.hangul import search_text
from wagu.domain.matching import name_grams
from wagu.domain.mercator import pixel
from wagu.domain.place import Point

BATCH = 1_000


def reindex(connection: Connection) -> None:
    _places(connection)
    _members(connection)
    _posts(connection)


def _places(connection: Connection) -> None:
    connection.execute(delete(place_gram))
    change = (
        update(place)
        .where(place.c.id == bindparam("row"))
        .values(x=bindparam("new_x"), y=bindparam("new_y"))
    )
    query = select(place.c.id, place.c.name, place.c.lat, place.c.lng)
    for rows in _batches(connection, query, place.c.id):
        spots = [(row.id, pixel(Point(row.lat, row.lng))) for row in rows]
        connection.execute(
            change, [{"row": row, "new_x": at.x, "new_y": at.y} for row, at in spots]
        )
        grams = [
            {"gram": gram, "place_id": row.id}
            for row in rows
            for gram in sorted(name_grams(row.name))
        ]
        if grams:
            connection.execute(insert(place_gram), grams)


def _members(connection: Connection) -> None:
    change = update(member).where(member.c.id == bindparam("row")).values(search=bindparam("text"))
    query = select(member.c.id, member.c.username, member.c.name)
    for rows in _batches(connection, query, member.c.id):
        texts = [{"row": row.id, "text": search_text((row.name, row.username))} for row in rows]
        connection.execute(change, texts)


def _posts(connection: Connection) -> None:
    change = update(post).where(post.c.id == bindparam("row")).values(search=bindparam("text"))
    query = select(post.c.id, place.c.name).join(place, place.c.id == post.c.place_id)
    for rows in _batches(connection, query, post.c.id):
        names = {row.id: [row.name] for row in rows}
        menus = select(menu.c.post_id, menu.c.name).where(menu.c.post_id.in_(names))
        for row in connection.execute(menus.order_by(menu.c.post_id, menu.c.position)):
            names[row.post_id].append(row.name)
        texts = [{"row": row, "text": search_text(found)} for row, found in names.items()]
        connection.execute(change, texts)


def _batches(
    connection: Connection, query: Select[Any], key: ColumnElement[int]
) -> Iterator[Sequence[Row[Any]]]:
    """By keyset, so that no cursor is open while rows are written."""
    last = 0
    while True:
        page = query.where(key > last).order_by(key).limit(BATCH)
        rows = connection.execute(page).all()
        if not rows:
            return
        yield rows
        last = rows[-1].id
