"""The places of a viewport, counted by cell in the database: one query, its answer as small as the
screen, however many places there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from itertools import chain
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    RowMapping,
    Select,
    String,
    and_,
    bindparam,
    func,
    or_,
    select,
)

from wagu.db.engine import Database
from wagu.db.places import COLUMNS, place_of
from wagu.db.schema import live, place
from wagu.db.visibility import VIEWER, live_visible_to
from wagu.domain.cluster import Cell, Cluster, Heap, cell_of, cell_size, cluster, joined
from wagu.domain.live import LiveId, LiveState
from wagu.domain.mercator import Pixel, window
from wagu.domain.person import MemberId
from wagu.domain.place import Box

SHOWN_AS_LIVE = (LiveState.ON_AIR.value, LiveState.INTERRUPTED.value)


class Clusters:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def inside(
        self, box: Box, *, zoom: float, category: str | None, viewer: MemberId | None
    ) -> list[Cluster]:
        """What a map of that zoom shows the viewer of that box."""
        view = window(box)
        size = cell_size(view, zoom)
        sides = {"west": view.west, "north": view.north, "east": view.east, "south": view.south}
        parameters: dict[str, Any] = {**sides, "size": size}
        if category is not None:
            parameters["category"] = category
        shape = (view.west > view.east, category is not None)
        async with self._db.read() as connection:
            rows = (await connection.execute(_heaps(*shape), parameters)).mappings().all()
            if viewer is not None:
                parameters["viewer"] = viewer
            on_air = await connection.execute(_lives(*shape, viewer is not None), parameters)
            lives: dict[Cell, list[tuple[float, LiveId]]] = defaultdict(list)
            for x, y, since, live_id in on_air:
                lives[cell_of(Pixel(x, y), size)].append((since, LiveId(live_id)))
        alone = {_cell(row): place_of(row) for row in rows if row["id"] is not None}
        return [
            cluster(
                heap,
                lives=_newest(chain.from_iterable(lives[cell] for cell in heap.cells)),
                place=alone.get(heap.cells[0]) if heap.count == 1 else None,
            )
            for heap in joined(map(_heap, rows), size)
        ]


def _newest(lives: Iterable[tuple[float, LiveId]]) -> tuple[LiveId, ...]:
    return tuple(live_id for _, live_id in sorted(lives, reverse=True))


@cache
def _heaps(wraps: bool, kind: bool) -> Select[Any]:
    """Built once for each shape, as are `_lives`: that took a third of the time."""
    x, y = place.c.x, place.c.y
    size = bindparam("size", type_=Integer)
    heap = (
        select(
            (x // size).label("cell_x"),
            (y // size).label("cell_y"),
            func.count().label("count"),
            func.sum(x).label("x_sum"),
            func.sum(y).label("y_sum"),
            func.min(x).label("west"),
            func.min(y).label("north"),
            func.max(x).label("east"),
            func.max(y).label("south"),
            func.min(place.c.id).label("first"),
        )
        .where(*_chosen(wraps, kind))
        # By label: repeated with its own parameters, PostgreSQL takes it for another expression.
        .group_by("cell_x", "cell_y")
        .subquery("heap")
    )
    alone = and_(place.c.id == heap.c.first, heap.c.count == 1)
    return select(heap, *COLUMNS).select_from(heap.outerjoin(place, alone)).order_by(heap.c.first)


@cache
def _lives(wraps: bool, kind: bool, known: bool) -> Select[Any]:
    on_air = and_(live.c.state.in_(SHOWN_AS_LIVE), live_visible_to(VIEWER if known else None))
    joined = live.join(place, place.c.id == live.c.place_id)
    shown = (place.c.x, place.c.y, live.c.created_at, live.c.id)
    return select(*shown).select_from(joined).where(on_air, *_chosen(wraps, kind))


def _cell(row: RowMapping) -> Cell:
    return (row["cell_x"], row["cell_y"])


def _heap(row: RowMapping) -> Heap:
    return Heap(
        cells=(_cell(row),),
        count=row["count"],
        x_sum=int(row["x_sum"]),
        y_sum=int(row["y_sum"]),
        west=row["west"],
        north=row["north"],
        east=row["east"],
        south=row["south"],
    )


def _chosen(wraps: bool, kind: bool) -> list[ColumnElement[bool]]:
    """By the window and the category that come as parameters."""
    x, y = place.c.x, place.c.y
    west, north, east, south = (
        bindparam(side, type_=Integer) for side in ("west", "north", "east", "south")
    )
    across: ColumnElement[bool] = or_(x >= west, x <= east) if wraps else x.between(west, east)
    conditions = [across, y.between(north, south)]
    if kind:
        conditions.append(place.c.category == bindparam("category", type_=String))
    return conditions
