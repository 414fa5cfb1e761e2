"""What the client is told before it draws."""

from __future__ import annotations

import tomllib
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3] / "pyproject.toml"


async def test_the_defaults(site):
    status, answer = await site.visitor().get("/api/config")
    assert status == 200
    assert answer == {
        "name": "와구북",
        "version": tomllib.loads(PROJECT.read_text())["project"]["version"],
        "tiles": {"kind": "none", "url": None, "attribution": "", "max_zoom": 19},
        "center": [37.5665, 126.978],
        "zoom": 13,
        "nominees_max": 10,
        "media": {
            "kind": "embedded",
            "slots": 6,
            "simulcast": True,
            "negotiation": "sdp",
            "mute": True,
        },
        "signup_open": True,
        "recordings": True,
        "sign_in": [],
        "drafts": {"ai": False, "vision": False, "photos_max": 4},
        "place_search": {"provider": "own", "attribution": "", "as_you_type": True},
    }


async def test_what_was_set(site_with):
    url = "https://tile.example.org/{z}/{x}/{y}.png"
    async with site_with(
        tile_url=url, signup="closed", recording="off", map_center="1,2", map_zoom=5
    ) as site:
        _, answer = await site.visitor().get("/api/config")
        assert (answer["tiles"]["kind"], answer["tiles"]["url"]) == ("raster", url)
        assert (answer["center"], answer["zoom"]) == ([1, 2], 5)
        assert answer["signup_open"] is False
        assert answer["recordings"] is False
