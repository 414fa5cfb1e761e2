"""Figures of media, over HTTP: for admins, and without the keys of shared maps."""

from __future__ import annotations

from tests.wagu.web.conftest import Site


async def test_rooms_that_are_secret_go_by_their_label(site: Site) -> None:
    site.media.figures = {
        "sent_packets": 3,
        "rooms": {
            "map/secret": {"label": "room-1234", "peers": {}},
            "live/open": {"label": "room-5678", "peers": {}},
        },
    }
    admin = await site.admin()
    answer = await admin.raw("GET", "/api/media/stats")
    assert answer.status == 200
    told = await answer.json()
    assert told["sent_packets"] == 3
    assert [room["room"] for room in told["rooms"]] == ["room-1234", "live/open"]
    assert "secret" not in await answer.text()
    assert answer.headers["Cache-Control"] == "no-store"
