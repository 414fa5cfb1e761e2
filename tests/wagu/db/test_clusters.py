"""What a map shows of a box: the sums of SQL against sums in memory."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from wagu.db.clusters import Clusters
from wagu.db.lives import LiveRows
from wagu.domain.cluster import Heap, cell_of, cell_size, cluster, joined
from wagu.domain.live import LiveState
from wagu.domain.mercator import pixel, window
from wagu.domain.place import Box, Point

pytestmark = pytest.mark.sql

SEOUL = Box(37.4, 126.8, 37.7, 127.2)
WORLD = Box(-90, -180, 90, 180)


@pytest.fixture
def clusters(db) -> Clusters:
    return Clusters(db)


@pytest.fixture
async def member(scene):
    return await scene.member("jimin")


async def shown(clusters, box=SEOUL, zoom=12.0, category=None, viewer=None):
    return await clusters.inside(box, zoom=zoom, category=category, viewer=viewer)


async def test_near_ones_are_one_and_come_apart(clusters, scene, member):
    await scene.place("a", Point(37.5100, 127.0))
    await scene.place("b", Point(37.5104, 127.0))
    far = await scene.place("c", Point(37.6, 127.1))
    close = [(one.count, one.place) for one in await shown(clusters, zoom=11)]
    assert sorted(count for count, _ in close) == [1, 2]
    assert [place.id for _, place in close if place is not None] == [far]
    street = Box(37.505, 126.995, 37.515, 127.005)
    assert [one.count for one in await shown(clusters, street, zoom=19)] == [1, 1]
    both = next(one for one in await shown(clusters, zoom=11) if one.count == 2)
    assert both.at.lat == pytest.approx(37.5102, abs=1e-6)
    assert both.box.south == pytest.approx(37.51, abs=1e-6)
    assert both.box.north == pytest.approx(37.5104, abs=1e-6)


@pytest.mark.parametrize("zoom", [3, 11.5, 15])
async def test_as_counted_in_memory(clusters, scene, member, zoom):
    chance = random.Random(7)
    spots = [Point(37.45 + chance.random() / 5, 126.85 + chance.random() / 3.5) for _ in range(60)]
    for number, at in enumerate(spots):
        await scene.place(f"place {number}", at)
    size = cell_size(window(SEOUL), zoom)
    heaps = {}
    for spot in map(pixel, spots):
        cell = cell_of(spot, size)
        one = Heap((cell,), 1, spot.x, spot.y, spot.x, spot.y, spot.x, spot.y)
        heaps[cell] = replace(heaps[cell] + one, cells=(cell,)) if cell in heaps else one
    expected = joined(heaps.values(), size)
    assert len(expected) < len(heaps) or zoom == 3
    found = await shown(clusters, zoom=zoom)
    assert [(one.count, one.box) for one in found if one.count > 1] == [
        (heap.count, cluster(heap, lives=(), place=None).box) for heap in expected if heap.count > 1
    ]
    assert sum(one.count for one in found) == len(spots)
    assert sum(one.place is not None for one in found) == sum(one.count == 1 for one in expected)


async def test_only_what_is_in_the_box(clusters, scene, member):
    for name, at in (
        ("seoul", Point(37.5, 127.0)),
        ("busan", Point(35.1, 129.0)),
        ("fiji", Point(-18.0, 178.0)),
        ("samoa", Point(-13.8, -172.0)),
    ):
        await scene.place(name, at)
    names = [one.place.name for one in await shown(clusters)]
    assert names == ["seoul"]
    pacific = await shown(clusters, Box(-20, 170, -10, -170), zoom=10)
    assert sorted(one.place.name for one in pacific) == ["fiji", "samoa"]
    assert sum(one.count for one in await shown(clusters, WORLD, zoom=22)) == 4


async def test_by_category(clusters, scene, member):
    await scene.place("a", Point(37.5, 127.0), category="분식")
    await scene.place("b", Point(37.6, 127.1), category="카페")
    assert [one.place.name for one in await shown(clusters, category="카페")] == ["b"]


async def test_where_somebody_is_live(db, clusters, scene, member):
    lives = LiveRows(db)
    here, there = await scene.place("a"), await scene.place("b", Point(37.6, 127.1))
    states = (LiveState.ON_AIR, LiveState.INTERRUPTED, LiveState.ENDED, None)
    on_air = []
    for now, state in enumerate(states):
        live = await lives.create(host=member, title="x", place_id=here, now=float(now))
        on_air.append(live.id)
        if state is not None:
            await lives.set_state(live.id, LiveState.ON_AIR, 2.0)
        if state not in (None, LiveState.ON_AIR):
            await lives.set_state(live.id, state, 3.0)
    found = {one.place.id: one.lives for one in await shown(clusters)}
    assert found == {here: (on_air[1], on_air[0]), there: ()}
    assert sum(len(one.lives) for one in await shown(clusters, zoom=1)) == 2
    blocked = await scene.member("blocked")
    await scene.block(member, blocked)
    assert not any(one.lives for one in await shown(clusters, viewer=blocked))
    assert sum(len(one.lives) for one in await shown(clusters, viewer=member)) == 2


async def test_a_map_is_two_queries(clusters, scene, member, queries):
    for number in range(5):
        await scene.place(f"place {number}", Point(37.5 + number / 50, 127.0))
    with queries() as sent:
        await shown(clusters)
    assert len(sent) == 2
