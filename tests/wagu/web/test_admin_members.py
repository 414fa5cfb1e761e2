"""Members as admins look after them: found, kept out, let in again, made admins."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.wagu.web.conftest import PASSWORD, Site, Visitor
from wagu.bus import LiveEnded, SessionEnded, ShareMapEnded
from wagu.web import keys

pytestmark = pytest.mark.sql
MEMBERS = "/api/admin/members"


async def log_in(site: Site, username: str) -> tuple[int, Any]:
    return await site.visitor().post("/api/session", {"username": username, "password": PASSWORD})


async def standings(admin: Visitor, query: str = "") -> dict[str, str]:
    status, found = await admin.get(MEMBERS + query)
    assert status == 200, found
    return {one["username"]: one["standing"] for one in found["members"]}


async def test_members_are_found_page_by_page(site: Site) -> None:
    admin = await site.known("boss", admin=True)
    for name in ("minsu", "minji", "haneul"):
        site.clock.now += 1
        last = await site.known(name)
    assert (await last.call("DELETE", "/api/me", json={}))[0] == 200
    await admin.call("PUT", f"{MEMBERS}/minsu/suspension")

    everybody = {"haneul": "closed", "minji": "active", "minsu": "suspended", "boss": "active"}
    assert list((await standings(admin)).items()) == list(everybody.items())
    assert await standings(admin, "?q=min") == {"minji": "active", "minsu": "suspended"}
    for standing in ("active", "suspended", "closed"):
        wanted = {name: at for name, at in everybody.items() if at == standing}
        assert await standings(admin, f"?standing={standing}") == wanted

    _, first = await admin.get(f"{MEMBERS}?limit=3")
    _, second = await admin.get(f"{MEMBERS}?limit=3&after={first['next']}")
    names = [one["username"] for page in (first, second) for one in page["members"]]
    assert (names, second["next"]) == (list(everybody), None)
    assert set(first["members"][0]) == {
        *("id", "username", "name", "admin", "standing", "created_at")
    }


async def test_somebody_suspended_is_out_and_cannot_come_back(site: Site) -> None:
    admin, minsu = await site.known("boss", admin=True), await site.member("minsu")
    _, live = await minsu.post("/api/lives", {"title": "x"})
    _, made = await minsu.post("/api/share-maps", {})
    heard = site.events(LiveEnded, ShareMapEnded, SessionEnded)

    assert (await admin.call("PUT", f"{MEMBERS}/minsu/suspension"))[0] == 204
    assert [type(event) for event in heard] == [LiveEnded, ShareMapEnded, SessionEnded]
    assert (await minsu.get("/api/session"))[1] == {"person": None}
    assert (await admin.get(f"/api/lives/{live['live']['id']}"))[1]["live"]["state"] == "ended"
    assert (await admin.get(f"/api/share-maps/{made['share_map']['id']}"))[0] == 410
    status, answer = await log_in(site, "minsu")
    assert (status, answer["error"]["code"]) == (403, "member.suspended")
    wrong = {"username": "minsu", "password": "wrong horse"}
    assert (await site.visitor().post("/api/session", wrong))[0] == 401, "who knows no password"
    assert (await admin.call("PUT", f"{MEMBERS}/minsu/suspension"))[0] == 204

    assert (await admin.delete(f"{MEMBERS}/minsu/suspension"))[0] == 204
    assert (await log_in(site, "minsu"))[0] == 200


async def test_a_closed_account_is_not_opened_again_around_a_suspension(site: Site) -> None:
    admin, minsu = await site.known("boss", admin=True), await site.member("minsu")
    await minsu.call("DELETE", "/api/me", json={"password": PASSWORD})
    back = site.visitor()
    status, answer = await back.post("/api/session", {"username": "minsu", "password": PASSWORD})
    assert (status, answer["error"]["code"]) == (409, "member.closed")
    assert (await admin.call("PUT", f"{MEMBERS}/minsu/suspension"))[0] == 404, "it is closed"

    member = await site.app[keys.MEMBERS].by_username("minsu")
    await site.app[keys.ACCOUNTS].restore(member.id, site.clock())
    await site.app[keys.ADMINS].suspend("minsu", site.clock())
    status, answer = await back.call("POST", "/api/me/restore")
    assert (status, answer["error"]["code"]) == (403, "member.suspended")


async def test_an_admin_is_made_and_unmade_where_they_are_signed_in(site: Site) -> None:
    admin, minsu = await site.known("boss", admin=True), await site.known("minsu")
    assert (await minsu.get(MEMBERS))[0] == 403
    assert (await admin.call("PUT", f"{MEMBERS}/minsu/admin"))[0] == 204
    assert (await minsu.get(MEMBERS))[0] == 200
    assert (await minsu.delete(f"{MEMBERS}/boss/admin"))[0] == 204
    assert (await admin.get(MEMBERS))[0] == 403


async def test_the_last_admin_who_can_sign_in_stays_one(site: Site) -> None:
    admin, other = await site.known("boss", admin=True), await site.known("deputy", admin=True)
    await admin.call("PUT", f"{MEMBERS}/deputy/suspension")
    status, answer = await admin.delete(f"{MEMBERS}/boss/admin")
    assert (status, answer["error"]["code"]) == (409, "member.last_admin")
    status, answer = await admin.call("PUT", f"{MEMBERS}/boss/suspension")
    assert (status, answer["error"]["code"]) == (409, "member.oneself")
    status, answer = await admin.call("DELETE", "/api/me", json={})
    assert (status, answer["error"]["code"]) == (409, "member.last_admin")
    await site.known("minsu")
    await admin.call("PUT", f"{MEMBERS}/minsu/suspension")
    status, answer = await admin.call("PUT", f"{MEMBERS}/minsu/admin")
    assert (status, answer["error"]["code"]) == (409, "member.suspended")
    assert (await other.get(MEMBERS))[0] == 401


async def test_two_admins_cannot_take_the_right_from_each_other_at_once(site: Site) -> None:
    one, other = await site.known("one", admin=True), await site.known("other", admin=True)
    answers = await asyncio.gather(
        one.delete(f"{MEMBERS}/other/admin"), other.delete(f"{MEMBERS}/one/admin")
    )
    assert 204 in [status for status, _ in answers]
    left = [
        one
        for one in (await site.app[keys.ADMINS].members("", None, after=None, limit=9)).members
        if one.member.admin
    ]
    assert len(left) == 1
