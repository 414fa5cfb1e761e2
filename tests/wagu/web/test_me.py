"""One's own account: changing it, its password, closing it and opening it again."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from wagu.bus import LiveEnded, PersonRenamed, SessionEnded, ShareMapEnded
from wagu.domain.person import MemberId
from wagu.web import keys

pytestmark = pytest.mark.sql

PASSWORD = "correct horse"
NEW = "battery staple"
DAY = 86_400.0
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
MEAL = {
    "place": {"name": "시장 떡볶이", "at": [37.5, 127.0]},
    "category": "분식",
    "visibility": "public",
}


async def upload(visitor: Any) -> str:
    headers = {"Content-Type": "image/png"}
    status, answer = await visitor.call("POST", "/api/photos", data=PIXEL, headers=headers)
    assert status == 201, answer
    return str(answer["photo"]["id"])


async def log_in(visitor: Any, password: str = PASSWORD) -> tuple[int, Any]:
    return await visitor.post("/api/session", {"username": "jimin", "password": password})


async def who(visitor: Any) -> Any:
    return (await visitor.get("/api/session"))[1]["person"]


async def close(visitor: Any, **proof: str) -> tuple[int, Any]:
    return await visitor.call("DELETE", "/api/me", json=proof)


async def test_an_account_shows_what_only_its_owner_sees(site):
    jimin = await site.member("jimin")
    assert (await jimin.get("/api/me"))[1]["me"] == {
        "id": "m_1",
        "username": "jimin",
        "name": "jimin",
        "bio": "",
        "photo": None,
        "photo_id": None,
        "admin": False,
        "has_password": True,
        "identities": [],
        "created_at": 1_795_000_000_000,
    }


async def test_a_new_name_is_known_everywhere(site):
    jimin, phone = await site.member("jimin"), site.visitor()
    await log_in(phone)
    renamed = site.events(PersonRenamed)
    status, answer = await jimin.call(
        "PATCH", "/api/me", json={"name": " 김지민 ", "bio": "맛집\r\n"}
    )
    assert (status, answer["me"]["name"], answer["me"]["bio"]) == (200, "김지민", "맛집")
    assert (await who(phone))["name"] == "김지민"
    assert [event.person.name for event in renamed] == ["김지민"]
    found = (await phone.get("/api/members?q=ㄱㅈㅁ"))[1]["people"]
    assert [one["username"] for one in found] == ["jimin"]
    _, unchanged = await jimin.call("PATCH", "/api/me", json={})
    assert unchanged["me"] == answer["me"]


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"name": " "}, "member.bad_name", "name"),
        ({"bio": "가" * 301}, "member.bad_bio", "bio"),
        ({"photo_id": "../../etc/passwd"}, "photo.unknown", "photo_id"),
        ({"photo_id": "A" * 22}, "photo.unknown", "photo_id"),
        ({"username": "other"}, "request.invalid", "username"),
        ({"admin": True}, "request.invalid", "admin"),
    ],
)
async def test_what_cannot_be_is_refused(site, change, code, field):
    jimin = await site.member("jimin")
    status, answer = await jimin.call("PATCH", "/api/me", json=change)
    assert (status, answer["error"]["code"], answer["error"]["field"]) == (422, code, field)


async def test_a_face_is_everybodys_to_see_and_goes_when_it_is_replaced(site):
    jimin, haneul = await site.member("jimin"), await site.member("haneul")
    face = await upload(jimin)
    assert (await haneul.call("PATCH", "/api/me", json={"photo_id": face}))[0] == 422
    _, answer = await jimin.call("PATCH", "/api/me", json={"photo_id": face})
    assert answer["me"]["photo"] == f"/photos/{face}/256.webp"
    anonymous = site.visitor()
    assert (await anonymous.get("/api/members/jimin"))[1]["member"]["photo"] is not None
    assert (await anonymous.raw("GET", f"/photos/{face}/256.webp")).status == 200
    assert (await jimin.delete(f"/api/photos/{face}"))[0] == 409
    _, answer = await jimin.call("PATCH", "/api/me", json={"photo_id": None})
    assert answer["me"]["photo"] is None
    assert (await jimin.raw("GET", f"/photos/{face}/256.webp")).status == 404


# --------------------------------------------------------------------------------------- password


async def test_a_new_password_ends_all_other_sessions(site):
    jimin, phone, other = await site.member("jimin"), site.visitor(), await site.member("haneul")
    await log_in(phone)
    ended = site.events(SessionEnded)
    status, _ = await jimin.post("/api/me/password", {"old": PASSWORD, "new": NEW})
    assert status == 204
    assert [event.person_id for event in ended] == ["m_1"]
    assert [await who(one) is not None for one in (jimin, phone, other)] == [True, False, True]
    assert (await log_in(phone))[0] == 401
    assert (await log_in(phone, NEW))[0] == 200


@pytest.mark.parametrize("old", [None, "", "wrong horse", "x" * 300])
async def test_the_old_password_is_needed(site, old):
    jimin = await site.member("jimin")
    status, answer = await jimin.post("/api/me/password", {"old": old, "new": NEW})
    assert (status, answer["error"]["code"]) == (403, "auth.wrong_password")
    status, answer = await jimin.post("/api/me/password", {"old": PASSWORD, "new": "short"})
    assert (status, answer["error"]["code"]) == (422, "member.bad_password")
    assert (await log_in(site.visitor()))[0] == 200


async def test_a_log_in_with_the_old_password_does_not_slip_through(site, monkeypatch):
    """Its password was right when it was looked at, and changed before the session began."""
    jimin, thief = await site.member("jimin"), site.visitor()
    sessions = site.app[keys.SESSIONS]
    start = sessions.start

    async def changed_meanwhile(person: Any) -> str:
        monkeypatch.undo()
        assert (await jimin.post("/api/me/password", {"old": PASSWORD, "new": NEW}))[0] == 204
        return await start(person)

    monkeypatch.setattr(sessions, "start", changed_meanwhile)
    assert (await log_in(thief))[0] == 401
    assert await who(thief) is None


# ------------------------------------------------------------------------------ closing, restoring


async def test_a_closed_account_is_gone_for_everybody_at_once(site):
    jimin, phone, haneul = await site.member("jimin"), site.visitor(), await site.member("haneul")
    await log_in(phone)
    await jimin.call("PUT", "/api/members/haneul/follow")
    photo = await upload(jimin)
    meal = MEAL | {"menus": [{"name": "떡볶이", "photo_id": photo}]}
    _, posted = await jimin.post("/api/posts", meal)
    _, live = await jimin.post("/api/lives", {"title": "먹방"})
    _, shared = await jimin.post("/api/share-maps", {})
    told = site.events(SessionEnded, LiveEnded, ShareMapEnded)

    status, answer = await close(jimin, password=PASSWORD)
    assert (status, answer) == (
        200,
        {"restorable_until": round((site.clock.now + 30 * DAY) * 1000)},
    )
    assert {type(event) for event in told} == {SessionEnded, LiveEnded, ShareMapEnded}
    assert await who(jimin) is None
    assert await who(phone) is None
    for path, status in [
        ("/api/members/jimin", 404),
        (f"/api/posts/{posted['post']['id']}", 404),
        (f"/photos/{photo}/256.webp", 404),
        (f"/api/lives/{live['live']['id']}", 404),
        (f"/api/share-maps/{shared['share_map']['id']}", 410),
    ]:
        assert (await haneul.raw("GET", path)).status == status, path
    assert (await haneul.get("/api/lives"))[1] == {"lives": [], "next": None}
    assert (await haneul.get("/api/feed"))[1]["posts"] == []
    assert (await haneul.get("/api/members?q=jimin"))[1]["people"] == []
    assert (await haneul.get("/api/members/haneul"))[1]["member"]["followers"] == 0
    assert (await haneul.get("/api/members/haneul/followers"))[1]["people"] == []
    taken = await haneul.get("/api/members/available?username=jimin")
    assert taken[1]["code"] == "member.username_taken"


async def test_whoever_logs_in_within_the_grace_is_asked_and_comes_back(site):
    jimin, haneul = await site.member("jimin"), await site.member("haneul")
    await jimin.call("PUT", "/api/members/haneul/follow")
    await close(jimin, password=PASSWORD)
    site.clock.now += 29 * DAY
    assert (await log_in(jimin, "wrong horse"))[1]["error"]["code"] == "auth.bad_credentials"
    assert (await jimin.post("/api/me/restore", {}))[0] == 401
    status, answer = await log_in(jimin)
    assert (status, answer["error"]["code"]) == (409, "member.closed")
    assert "1일" in answer["error"]["message"]
    assert await who(jimin) is None
    assert (await site.visitor().post("/api/me/restore", {}))[0] == 401, "another browser"
    status, answer = await jimin.post("/api/me/restore", {})
    assert (status, answer["person"]["username"]) == (200, "jimin")
    assert (await who(jimin))["username"] == "jimin"
    assert (await haneul.get("/api/members/jimin"))[1]["member"]["bond"]["followed"]
    assert (await jimin.post("/api/me/restore", {}))[0] == 401, "once"


async def test_after_the_grace_everything_is_gone(site):
    jimin, haneul = await site.member("jimin"), await site.member("haneul")
    face = await upload(jimin)
    await jimin.call("PATCH", "/api/me", json={"photo_id": face})
    await jimin.call("PUT", "/api/members/haneul/follow")
    await haneul.call("PUT", "/api/members/jimin/follow")
    meal = MEAL | {"menus": [{"name": "떡볶이", "photo_id": await upload(jimin)}]}
    _, posted = await jimin.post("/api/posts", meal)
    await jimin.post("/api/lives", {"title": "먹방"})
    await site.app[keys.IDENTITIES].link(MemberId(1), "kakao", "4242", site.clock.now)
    await close(jimin, password=PASSWORD)
    assert pictures(site)
    farewell = site.app[keys.FAREWELL]
    site.clock.now += 30 * DAY - 1
    assert await farewell.sweep() == 0
    await log_in(jimin)
    site.clock.now += 1
    assert (await jimin.post("/api/me/restore", {}))[0] == 404, "a second too late"
    assert await farewell.sweep() == 1
    assert await farewell.sweep() == 0
    assert (await log_in(jimin))[1]["error"]["code"] == "auth.bad_credentials"
    assert await site.app[keys.IDENTITIES].member("kakao", "4242") is None
    assert pictures(site) == []
    place = posted["post"]["place"]["id"]
    assert (await haneul.get(f"/api/places/{place}"))[0] == 200, "others may eat there"
    status, answer = await haneul.get("/api/members/available?username=jimin")
    assert (status, answer) == (200, {"available": True})


def pictures(site: Any) -> list[Any]:
    return [path for path in site.settings.data_dir.rglob("*.webp") if path.is_file()]


async def test_a_face_that_a_friend_uploaded_too_stays_theirs(site):
    jimin, haneul = await site.member("jimin"), await site.member("haneul")
    for one in (jimin, haneul):
        await one.call("PATCH", "/api/me", json={"photo_id": await upload(one)})
    await close(jimin, password=PASSWORD)
    site.clock.now += 30 * DAY
    assert await site.app[keys.FAREWELL].sweep() == 1
    face = (await site.visitor().get("/api/members/haneul"))[1]["member"]["photo"]
    assert (await site.visitor().raw("GET", face)).status == 200


async def test_closing_needs_the_password_or_a_fresh_sign_in(site):
    jimin = await site.member("jimin")
    status, answer = await close(jimin, password="wrong horse")
    assert (status, answer["error"]["code"]) == (403, "auth.wrong_password")
    site.clock.now += 601
    status, answer = await close(jimin)
    assert (status, answer["error"]["code"]) == (403, "auth.sign_in_again")
    assert (await who(jimin))["username"] == "jimin"
    await log_in(jimin)
    assert (await close(jimin))[0] == 200


async def test_the_only_admin_stays(site):
    admin = await site.admin()
    status, answer = await close(admin, password=PASSWORD)
    assert (status, answer["error"]["code"]) == (409, "member.last_admin")
    await site.member("jimin")
    await site.app[keys.ADMINS].set_admin("jimin", True)
    assert (await close(admin, password=PASSWORD))[0] == 200
