"""No list asks once per row: every route that answers with one sends as many statements for three
rows as for one. A new one without a line here fails."""

from __future__ import annotations

import secrets
import typing
from typing import Any

import pytest

from wagu.domain.live import LiveId
from wagu.domain.recording import Recording, RecordingId
from wagu.web import keys
from wagu.web.routes import ROUTES

pytestmark = pytest.mark.sql

LISTS = {
    "/api/members": "?q=person",
    "/api/members/{username}/posts": "",
    "/api/members/{username}/lives": "",
    "/api/members/{username}/followers": "",
    "/api/members/{username}/followings": "",
    "/api/me/blocks": "",
    "/api/admin/members": "",
    "/api/admin/recordings": "",
    "/api/admin/reports": "",
    "/api/places": "",
    "/api/places/clusters": "?bbox=37,126,38,128&zoom=3",
    "/api/places/external": "?q=면옥",
    "/api/places/{id}": "",
    "/api/places/{id}/posts": "",
    "/api/places/{id}/lives": "",
    "/api/feed": "?scope=mine",
    "/api/search": "?q=면옥",
    "/api/lives": "?scope=everyone",
    "/api/lives/{live}/recordings": "",
}
NO_ROWS = {"/api/config", "/api/share-maps", "/api/admin/nodes", "/api/admin/rooms"}
"""Lists of settings, of what the ephemeral store keeps, and of what runs."""

MORE = {
    "/api/feed": ("?scope=following", "?scope=everyone", "?scope=mine&category=한식"),
    "/api/search": ("?q=ㅁㅇ", "?q=면옥&kind=records"),
    "/api/lives": ("?scope=following",),
}


def test_every_list_is_counted():
    found = {route.path for route in ROUTES if route.method == "GET" and _has_a_list(route.returns)}
    counted = {path.replace("{live}", "{id}") for path in LISTS}
    assert found == counted | NO_ROWS


def _has_a_list(view: Any) -> bool:
    fields = view.model_fields.values() if view is not None else ()
    return any(typing.get_origin(field.annotation) is list for field in fields)


class Town:
    """One member who looks, and around them as many of everything as one wants."""

    def __init__(self, site: Any, looker: Any) -> None:
        self.site = site
        self.looker = looker
        self.size = 0
        self.live = ""

    async def grow(self) -> None:
        """One more post and live of theirs and of a friend's, at a place of its own and at the
        first; one more person blocked."""
        self.size += 1
        friend = await self.site.known(f"person{self.size}")
        foe = await self.site.known(f"foe{self.size}")
        for one in (self.looker, friend):
            await one.post("/api/places", {"name": "면옥", "at": [37.5 + self.size / 50, 127.0]})
            for place in (1, self.size):
                post = {"place_id": place, "category": "한식", "visibility": "public"}
                photo = await self.site.photo(one.member_id, seed=place)
                menus = [{"name": "면옥 냉면", "photo_id": photo}, {"name": "수육"}]
                status, answer = await one.post("/api/posts", post | {"menus": menus})
                assert status == 201, answer
                status, live = await one.post("/api/lives", {"title": "x", "place_id": place})
                assert status == 201
                self.live = self.live or live["live"]["id"]
        rows = self.site.app[keys.RECORDINGS]
        made = Recording(
            RecordingId(secrets.token_urlsafe(16)),
            LiveId(self.live),
            "video/webm",
            1.0,
            1,
            self.size,
        )
        assert await rows.add(made)
        for who, what, whom in (
            (self.looker, "follow", f"person{self.size}"),
            (friend, "follow", "looker"),
            (self.looker, "block", f"foe{self.size}"),
        ):
            status, _ = await who.call("PUT", f"/api/members/{whom}/{what}")
            assert status < 300, foe
        status, _ = await friend.post("/api/reports", {"username": "looker", "reason": "spam"})
        assert status == 204

    async def cost(self, path: str, queries: Any) -> tuple[int, int]:
        """Statements sent, and bytes of the answer."""
        with queries() as sent:
            response = await self.looker.raw("GET", path)
        assert response.status == 200, await response.text()
        return len(sent), len(await response.read())


async def test_no_list_asks_once_per_row(site, queries):
    town = Town(site, await site.known("looker", admin=True))
    await town.grow()
    asked = [
        template.format(username="looker", id=1, live=town.live) + query
        for template, first in LISTS.items()
        for query in (first, *MORE.get(template, ()))
    ]
    few = {path: await town.cost(path, queries) for path in asked}
    for _ in range(3):
        await town.grow()
    many = {path: await town.cost(path, queries) for path in asked}
    same = {path for path, (_, size) in many.items() if size == few[path][1]}
    assert same <= {"/api/places/clusters?bbox=37,126,38,128&zoom=3"}, "these lists did not grow"
    assert {path: sent for path, (sent, _) in many.items()} == {
        path: sent for path, (sent, _) in few.items()
    }
    assert max(sent for sent, _ in many.values()) <= 8
