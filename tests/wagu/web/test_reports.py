"""Reports: what members tell admins, and what admins do about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.wagu.web.conftest import Site, Visitor
from wagu.domain.report import LONGEST_TEXT

pytestmark = pytest.mark.sql
REPORTS, OPEN = "/api/reports", "/api/admin/reports"


async def listed(admin: Visitor, query: str = "") -> list[dict[str, Any]]:
    status, found = await admin.get(OPEN + query)
    assert status == 200, found
    return list(found["reports"])


async def tell(site: Site, who: Visitor, **about: Any) -> tuple[int, Any]:
    site.clock.now += 1
    return await who.post(REPORTS, {"reason": "abuse", **about})


@pytest.fixture
async def scene(site: Site) -> dict[str, Any]:
    """minsu has a post and a live, and minji reports."""
    admin, minsu, minji = (
        await site.known("boss", admin=True),
        await site.known("minsu"),
        await site.known("minji"),
    )
    await minsu.post("/api/places", {"name": "면옥", "at": [37.5, 127.0]})
    post = {"place_id": 1, "category": "한식", "visibility": "public", "text": "욕설"}
    _, made = await minsu.post("/api/posts", post | {"menus": [{"name": "냉면"}]})
    _, live = await minsu.post("/api/lives", {"title": "불 앞에서"})
    return {
        "admin": admin,
        "minsu": minsu,
        "minji": minji,
        "post": made["post"]["id"],
        "live": live["live"]["id"],
    }


async def test_what_is_reported_is_listed_newest_first(site: Site, scene: dict[str, Any]) -> None:
    admin, minji = scene["admin"], scene["minji"]
    for about in ({"post_id": scene["post"]}, {"live_id": scene["live"]}, {"username": "minsu"}):
        assert (await tell(site, minji, **about, text=" 심해요 "))[0] == 204
        assert (await tell(site, minji, **about))[0] == 204, "said again, it is the same"
    person, live, post = await listed(admin)
    assert (person["post"], person["live"]) == (None, None)
    assert live["live"] == {"id": scene["live"], "title": "불 앞에서", "state": "waiting"}
    assert post["post"] == {"id": scene["post"], "excerpt": "욕설"}
    assert post["reporter"] == {"username": "minji", "name": "minji"}
    for one in (person, live, post):
        assert one["member"] == {"username": "minsu", "name": "minsu"}
        assert (one["reason"], one["text"], one["standing"]) == ("abuse", "심해요", "active")

    _, first = await admin.get(f"{OPEN}?limit=2")
    assert [one["id"] for one in first["reports"]] == [person["id"], live["id"]]
    assert await listed(admin, f"?limit=2&after={first['next']}") == [post]


async def test_acting_and_closing(site: Site, scene: dict[str, Any]) -> None:
    admin, minji = scene["admin"], scene["minji"]
    for about in ({"post_id": scene["post"]}, {"live_id": scene["live"]}, {"username": "minsu"}):
        await tell(site, minji, **about)
    assert (await admin.delete(f"/api/posts/{scene['post']}"))[0] == 204
    person, live = await listed(admin)
    assert person["post"] is None, "the report about the post went with it"

    assert (await admin.delete(f"/api/lives/{scene['live']}"))[0] == 204
    await admin.call("PUT", "/api/admin/members/minsu/suspension")
    person, live = await listed(admin)
    assert (live["live"]["state"], person["standing"]) == ("ended", "suspended")
    for _ in range(2):
        assert (await admin.delete(f"{OPEN}/{live['id']}"))[0] == 204
    assert [one["id"] for one in await listed(admin)] == [person["id"]]

    assert (await tell(site, minji, live_id=scene["live"]))[0] == 204
    assert len(await listed(admin)) == 2, "a closed report does not stop another one"


async def test_what_cannot_be_reported(site: Site, scene: dict[str, Any]) -> None:
    minsu, minji, post = scene["minsu"], scene["minji"], scene["post"]
    for about, code in (
        ({}, "report.one_thing"),
        ({"post_id": post, "username": "minsu"}, "report.one_thing"),
        ({"username": "minsu", "reason": "boring"}, "request.invalid"),
        ({"username": "minsu", "text": "x" * (LONGEST_TEXT + 1)}, "report.bad_text"),
        ({"username": "nobody"}, "member.unknown"),
        ({"live_id": "x"}, "live.unknown"),
        ({"post_id": 99}, "post.unknown"),
        ({"username": "minji"}, "member.oneself"),
    ):
        status, answer = await tell(site, minji, **about)
        assert answer["error"]["code"] == code, (about, status)
    await minsu.patch(f"/api/posts/{post}", {"visibility": "private"})
    assert (await tell(site, minji, post_id=post))[0] == 404, "it cannot be seen"
    assert await listed(scene["admin"]) == []


async def test_reports_are_limited(site_with: Callable[..., Any]) -> None:
    async with site_with(rate_limits="on") as site:
        minji = await site.known("minji")
        statuses = [(await tell(site, minji, username="nobody"))[0] for _ in range(21)]
        assert statuses == [404] * 20 + [429]
