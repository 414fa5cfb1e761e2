"""The map's question over HTTP; its sums are tested in `tests/wagu/db/test_clusters.py`."""

from __future__ import annotations

import pytest

from wagu.bus import PictureTaken
from wagu.domain.live import LiveId, LiveState
from wagu.web import keys

SEOUL = "37.4,126.8,37.7,127.2"


@pytest.fixture
async def member(site):
    return await site.known("jimin")


async def add(member, name, at, **more) -> dict:
    status, answer = await member.post("/api/places", {"name": name, "at": at, **more})
    assert status == 201
    return answer["place"]


async def clusters(visitor, **query):
    status, answer = await visitor.get("/api/places/clusters", params=query)
    assert status == 200, answer
    return answer["clusters"]


@pytest.mark.sql
async def test_one_and_several(site, member):
    alone = await add(member, "면옥", [37.6, 127.1], category="한식")
    for lat in (37.5100, 37.5104):
        await add(member, f"떡볶이 {lat}", [lat, 127.0])
    found = await clusters(site.visitor(), bbox=SEOUL, zoom=11)
    one, both = sorted(found, key=lambda cluster: cluster["count"])
    box = [37.6, 127.1, 37.6, 127.1]
    assert one == {
        "at": [37.6, 127.1],
        "box": box,
        "count": 1,
        "lives": 0,
        "snapshot": None,
        "place": alone,
    }
    assert (both["count"], both["place"]) == (2, None)
    assert both["box"][0] == pytest.approx(37.51, abs=1e-5)
    assert await clusters(site.visitor(), bbox=SEOUL, zoom=11, category="한식") == [one]


async def test_what_is_on_at_a_place_is_shown(site, member):
    place = await add(member, "면옥", [37.6, 127.1])
    _, answer = await member.post("/api/lives", {"title": "냉면", "place_id": place["id"]})
    live = answer["live"]["id"]
    (waiting,) = await clusters(site.visitor(), bbox=SEOUL, zoom=11)
    await site.app[keys.LIVES].set_state(LiveId(live), LiveState.ON_AIR, site.clock())
    (bare,) = await clusters(site.visitor(), bbox=SEOUL, zoom=11)
    site.app[keys.BUS].publish(PictureTaken(LiveId(live), 3))
    (shown,) = await clusters(site.visitor(), bbox=SEOUL, zoom=11)
    assert [(each["lives"], each["snapshot"]) for each in (waiting, bare, shown)] == [
        (0, None),
        (1, None),
        (1, f"/api/lives/{live}/snapshot.webp?n=3"),
    ]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"zoom": "1"}, "bbox"),
        ({"bbox": SEOUL}, "zoom"),
        ({"bbox": SEOUL, "zoom": "x"}, "zoom"),
        ({"bbox": SEOUL, "zoom": "nan"}, "zoom"),
        ({"bbox": SEOUL, "zoom": "25"}, "zoom"),
        ({"bbox": SEOUL, "zoom": "-1"}, "zoom"),
        ({"bbox": "1,2,3", "zoom": "1"}, "bbox"),
        ({"bbox": "a,b,c,d", "zoom": "1"}, "bbox"),
        ({"bbox": "2,0,1,1", "zoom": "1"}, "bbox"),
        ({"bbox": "inf,0,1,1", "zoom": "1"}, "bbox"),
        ({"bbox": "", "zoom": "1"}, "bbox"),
        ({"bbox": SEOUL, "zoom": "1", "category": "x" * 21}, "category"),
        ({"bbox": SEOUL, "zoom": "1", "category": "\x00"}, "category"),
    ],
)
async def test_a_question_that_cannot_be(site, query, field):
    status, answer = await site.visitor().get("/api/places/clusters", params=query)
    assert (status, answer["error"]["field"]) == (422, field)
