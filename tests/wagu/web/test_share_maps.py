"""Links of shared maps: made, resolved, ended, expired."""

from __future__ import annotations

import re

from wagu.bus import ShareMapEnded

HOUR = 3_600


async def make(visitor, **body):
    status, answer = await visitor.post("/api/share-maps", body)
    assert status == 201, answer
    return answer["share_map"]


async def test_a_link_is_absolute_unguessable_and_resolves_for_anyone(site):
    made = await make(await site.member("jimin"), title="금요일 저녁", require_account=True)
    assert re.fullmatch(r"[\w-]{22}", made["id"]), "128 bits"
    assert made == {
        "id": made["id"],
        "url": str(site.server.make_url(f"/map/{made['id']}")),
        "title": "금요일 저녁",
        "host": {"id": "m_1", "name": "jimin"},
        "require_account": True,
        "expires_at": round((site.clock.now + HOUR) * 1000),
    }
    found = await site.visitor().get(f"/api/share-maps/{made['id']}")
    assert found == (200, {"share_map": made})


async def test_the_public_url_is_what_links_begin_with(site_with):
    async with site_with(public_url="https://wagu.example.org/") as site:
        made = await make(await site.member("jimin"))
        assert made["url"] == f"https://wagu.example.org/map/{made['id']}"


async def test_a_title_may_be_left_out(site):
    visitor = await site.member("jimin")
    assert (await make(visitor))["title"] == "jimin의 지도"
    assert (await make(visitor, title=" "))["title"] == "jimin의 지도"
    status, answer = await visitor.post("/api/share-maps", {"title": "가" * 61})
    assert (status, answer["error"]["code"]) == (422, "share_map.bad_title")
    status, answer = await visitor.post("/api/share-maps", {"require_account": 1})
    assert (status, answer["error"]["field"]) == (422, "require_account")


async def test_the_host_ends_it_and_everybody_is_told_why_it_is_gone(site):
    host, heard = await site.member("jimin"), site.events(ShareMapEnded)
    made = await make(host)
    path = f"/api/share-maps/{made['id']}"
    assert await host.delete(path) == (204, None)
    assert heard == [ShareMapEnded(made["id"])]
    status, answer = await host.get(path)
    assert (status, answer["error"]["code"]) == (410, "share_map.ended")
    assert await host.delete(path) == (204, None)
    assert heard == [ShareMapEnded(made["id"])]
    status, answer = await (await site.member("other")).delete(path)
    assert (status, answer["error"]["code"]) == (403, "share_map.not_host")


async def test_only_the_host_or_an_admin_ends_it(site):
    made = await make(await site.member("jimin"))
    path = f"/api/share-maps/{made['id']}"
    status, answer = await (await site.member("other")).delete(path)
    assert (status, answer["error"]["code"]) == (403, "share_map.not_host")
    assert await (await site.admin()).delete(path) == (204, None)


async def test_an_unused_map_expires_and_looking_does_not_keep_it(site):
    visitor = await site.member("jimin")
    path = f"/api/share-maps/{(await make(visitor))['id']}"
    site.clock.now += HOUR - 1
    assert (await visitor.get(path))[0] == 200
    site.clock.now += 1
    status, answer = await visitor.get(path)
    assert (status, answer["error"]["code"]) == (410, "share_map.expired")
    status, answer = await visitor.get("/api/share-maps/AAAAAAAAAAAAAAAAAAAAAA")
    assert (status, answer["error"]["code"]) == (404, "share_map.unknown")


async def test_a_host_sees_their_own_open_maps(site):
    host, other = await site.member("jimin"), await site.member("other")
    first, second = await make(host, title="one"), await make(host, title="two")
    await make(other)
    await host.delete(f"/api/share-maps/{first['id']}")
    assert await host.get("/api/share-maps") == (200, {"share_maps": [second]})
