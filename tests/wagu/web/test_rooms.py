"""The rooms that are open, for admins: with their people and media, without a map's key."""

from __future__ import annotations

from typing import Any

from tests.wagu.web.conftest import Site
from wagu.media_backend.base import RoomKey, label_of


async def test_rooms_with_people_and_rooms_with_media(site: Site) -> None:
    host = await site.known("host")
    _, made = await host.post("/api/share-maps", {})
    key = RoomKey(f"map/{made['share_map']['id']}")
    peer: dict[str, Any] = {
        "role": "publish",
        "publishes": [{"layers": [{"bitrate": 900_000.4}, {"bitrate": 100_000}]}],
        "receives": [],
    }
    site.media.figures = {"rooms": {"live/open": {"label": "x", "peers": {"p": peer}}}}
    admin = await site.known("boss", admin=True)
    url = site.server.make_url("/ws")
    async with host.client.session.ws_connect(url, headers={"Origin": str(url.origin())}) as ws:
        await ws.send_json({"type": "join", "n": 1, "room": key})
        assert (await ws.receive_json(timeout=10))["type"] == "joined"
        answer = await admin.raw("GET", "/api/admin/rooms")

    told = await answer.json()
    assert made["share_map"]["id"] not in await answer.text()
    assert told["silent"] == []
    with_people, with_media = told["rooms"]
    node = with_people.pop("node")
    assert with_people == {
        "label": label_of(key),
        "kind": "map",
        "live": None,
        "people": 1,
        "media": None,
    }
    assert with_media == {
        "node": node,
        "label": label_of(RoomKey("live/open")),
        "kind": "live",
        "live": "open",
        "people": 0,
        "media": {"peers": {"publish": 1}, "bits_in": 1_000_000, "bits_out": 0},
    }
