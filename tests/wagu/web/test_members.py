"""Signing up: rules, conflicts, the set-up link."""

from __future__ import annotations

import asyncio

import pytest

from wagu.web import keys

pytestmark = pytest.mark.sql

GOOD = {"username": "jimin", "password": "correct horse", "name": "지민"}


async def test_a_member_signs_up_and_is_logged_in(site):
    visitor = site.visitor()
    status, answer = await visitor.post("/api/members", GOOD)
    assert status == 201
    assert answer["person"] == {
        "id": "m_1",
        "name": "지민",
        "kind": "member",
        "admin": False,
        "username": "jimin",
    }
    assert (await visitor.get("/api/session"))[1] == answer


async def test_the_cookie_cannot_be_read_by_scripts_nor_sent_by_other_sites(site):
    response = await site.visitor().raw("POST", "/api/members", json=GOOD)
    cookie = response.cookies["wagu_session"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"
    assert int(cookie["max-age"]) == 30 * 86_400
    assert not cookie["secure"]
    assert response.headers["Cache-Control"] == "no-store"


async def test_the_cookie_is_secure_where_the_origin_is_https(site_with):
    async with site_with(public_url="https://wagu.example.org") as site:
        response = await site.visitor().raw("POST", "/api/members", json=GOOD)
        assert response.cookies["wagu_session"]["secure"]


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"username": "지민"}, "member.bad_username", "username"),
        ({"username": "ab"}, "member.bad_username", "username"),
        ({"username": "a" * 31}, "member.bad_username", "username"),
        ({"username": "has space"}, "member.bad_username", "username"),
        ({"password": "short"}, "member.bad_password", "password"),
        ({"password": "x" * 201}, "member.bad_password", "password"),
        ({"name": "   "}, "member.bad_name", "name"),
        ({"name": "가" * 21}, "member.bad_name", "name"),
        ({"name": "a\u202eb"}, "member.bad_name", "name"),
        ({"name": False}, "request.invalid", "name"),
        ({"password": 12345678}, "request.invalid", "password"),
        ({"admin": True}, "request.invalid", "admin"),
    ],
)
async def test_what_cannot_be_used_is_refused_by_field(site, change, code, field):
    status, answer = await site.visitor().post("/api/members", GOOD | change)
    assert status == 422
    assert (answer["error"]["code"], answer["error"]["field"]) == (code, field)
    assert answer["error"]["message"]


async def test_a_username_is_taken_whatever_its_case(site):
    await site.visitor().post("/api/members", GOOD)
    status, answer = await site.visitor().post("/api/members", GOOD | {"username": "JiMin"})
    assert status == 409
    assert answer["error"]["code"] == "member.username_taken"
    assert answer["error"]["field"] == "username"


async def test_of_many_who_want_one_username_at_once_one_gets_it(site):
    wanting = [site.visitor().post("/api/members", GOOD) for _ in range(8)]
    outcomes = sorted(status for status, _ in await asyncio.gather(*wanting))
    assert outcomes == [201] + [409] * 7


async def test_the_database_decides_between_two_who_passed_the_first_look(site, monkeypatch):
    async def free(username: str) -> bool:
        return False

    monkeypatch.setattr(site.app[keys.MEMBERS], "exists", free)
    wanting = [site.visitor().post("/api/members", GOOD) for _ in range(4)]
    outcomes = sorted(status for status, _ in await asyncio.gather(*wanting))
    assert outcomes == [201, 409, 409, 409]


async def test_availability_is_told_while_typing(site):
    visitor = await site.member("jimin")

    async def look(username: str):
        return (await visitor.get("/api/members/available", params={"username": username}))[1]

    assert await look("haneul") == {"available": True}
    assert await look("Jimin") == {"available": False, "code": "member.username_taken"}
    assert await look("!") == {"available": False, "code": "member.bad_username"}
    assert (await visitor.get("/api/members/available"))[0] == 422


async def test_closed_sign_up_lets_nobody_in_but_the_first_admin(site_with):
    async with site_with(signup="closed") as site:
        status, answer = await site.visitor().post("/api/members", GOOD)
        assert (status, answer["error"]["code"]) == (403, "member.signup_closed")
        await site.admin()


async def test_a_setup_link_makes_one_admin_and_is_used_up(site):
    token = await site.app[keys.SETUP].renew()
    visitor = site.visitor()
    assert (await visitor.get(f"/api/setup/{token}"))[1] == {"valid": True}
    assert (await visitor.sign_up("first", setup_token=token))["admin"] is True
    assert (await visitor.get(f"/api/setup/{token}"))[1] == {"valid": False}
    status, answer = await site.visitor().post("/api/members", GOOD | {"setup_token": token})
    assert (status, answer["error"]["code"]) == (403, "setup.bad_token")
    assert await site.app[keys.SETUP].renew() is None


async def test_two_who_use_one_setup_link_at_once_make_one_admin(site):
    token = await site.app[keys.SETUP].renew()
    wanting = [
        site.visitor().post("/api/members", GOOD | {"username": f"user{i}", "setup_token": token})
        for i in range(4)
    ]
    outcomes = sorted(status for status, _ in await asyncio.gather(*wanting))
    assert outcomes == [201, 403, 403, 403]


async def test_a_setup_link_survives_a_sign_up_that_failed(site):
    await site.member("jimin")
    token = await site.app[keys.SETUP].renew()
    status, _ = await site.visitor().post("/api/members", GOOD | {"setup_token": token})
    assert status == 409
    assert (await site.visitor().get(f"/api/setup/{token}"))[1] == {"valid": True}


async def test_a_wrong_setup_token_makes_no_member(site):
    status, answer = await site.visitor().post("/api/members", GOOD | {"setup_token": "guess"})
    assert (status, answer["error"]["code"]) == (403, "setup.bad_token")
    assert not await site.app[keys.MEMBERS].exists("jimin")
