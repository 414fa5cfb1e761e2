"""Signing in elsewhere, against fakes of the providers, as it should be."""

from __future__ import annotations

import asyncio

import pytest

from tests.fakes.providers import (
    consent,
)
from tests.wagu.web.sign_in_lobby import ALL, PASSWORD, who
from wagu.web import keys

pytestmark = pytest.mark.sql


async def test_the_client_is_told_who_can_be_asked(lobby):
    _, config = await lobby.site.visitor().get("/api/config")
    assert config["sign_in"] == [
        {"provider": "kakao", "name": "카카오"},
        {"provider": "naver", "name": "네이버"},
        {"provider": "oidc", "name": "우리 회사"},
    ]


@pytest.mark.parametrize("key", ALL)
async def test_a_stranger_becomes_a_member_and_is_known_again(lobby, key):
    visitor = lobby.site.visitor()
    assert await lobby.sign_in(visitor, key, next="/feed?x=1") == "/feed?x=1"
    person = await who(visitor)
    assert (person["kind"], person["name"]) == ("member", "지민")
    assert person["username"].startswith(f"{key}_")
    lobby.fakes[key].name = "다른 이름"
    again = lobby.site.visitor()
    assert await lobby.sign_in(again, key) == "/"
    assert await who(again) == person
    _, account = await again.get("/api/me")
    assert account["me"]["has_password"] is False
    assert [one["provider"] for one in account["me"]["identities"]] == [key]


async def test_one_subject_at_two_providers_is_two_people(lobby):
    for fake in lobby.fakes.values():
        fake.subject = "4242"
    people = []
    for key in ALL:
        visitor = lobby.site.visitor()
        await lobby.sign_in(visitor, key)
        people.append((await who(visitor))["id"])
    assert len(set(people)) == 3


@pytest.mark.parametrize("name", ["", " \u202e", "가" * 50, "\u3164"])
async def test_a_name_that_is_none_stops_nobody(lobby, name):
    lobby.fakes["kakao"].name = name
    visitor = lobby.site.visitor()
    assert await lobby.sign_in(visitor, "kakao") == "/"
    assert 1 <= len((await who(visitor))["name"]) <= 20


async def test_two_callbacks_of_one_stranger_at_once_make_one_member(lobby):
    visitors = [lobby.site.visitor() for _ in range(4)]
    queries = [await consent(await lobby.start(one, "kakao")) for one in visitors]
    ways = zip(visitors, queries, strict=True)
    await asyncio.gather(*(lobby.back(one, "kakao", query) for one, query in ways))
    assert len({(await who(one))["id"] for one in visitors}) == 1


async def test_an_account_gets_a_second_way_in_and_keeps_the_last(lobby):
    jimin = await lobby.site.member("jimin")
    assert await lobby.sign_in(jimin, "kakao", link="true", next="/me") == "/me"
    assert await lobby.sign_in(jimin, "kakao", link="true") == "/", "idempotent"
    other = lobby.site.visitor()
    await lobby.sign_in(other, "kakao")
    assert (await who(other))["username"] == "jimin"
    assert (await jimin.delete("/api/me/identities/kakao"))[0] == 204
    status, answer = await jimin.delete("/api/me/identities/kakao")
    assert (status, answer["error"]["code"]) == (404, "sign_in.not_linked")


async def test_the_last_way_in_stays_until_there_is_a_password(lobby):
    visitor = lobby.site.visitor()
    await lobby.sign_in(visitor, "kakao")
    status, answer = await visitor.delete("/api/me/identities/kakao")
    assert (status, answer["error"]["code"]) == (409, "sign_in.last_way_in")
    await lobby.sign_in(visitor, "naver", link="true")
    assert (await visitor.delete("/api/me/identities/kakao"))[0] == 204
    assert (await visitor.delete("/api/me/identities/naver"))[0] == 409
    lobby.site.clock.now += 601
    status, answer = await visitor.post("/api/me/password", {"new": PASSWORD})
    assert (status, answer["error"]["code"]) == (403, "auth.sign_in_again")
    await lobby.sign_in(visitor, "naver")
    assert (await visitor.post("/api/me/password", {"new": PASSWORD}))[0] == 204
    assert (await visitor.delete("/api/me/identities/naver"))[0] == 204
    username = (await who(visitor))["username"]
    login = {"username": username, "password": PASSWORD}
    assert (await lobby.site.visitor().post("/api/session", login))[0] == 200


@pytest.mark.parametrize("guess", ["nobody has this password", "", " " * 8])
async def test_who_never_set_a_password_cannot_be_logged_in_as(lobby, guess):
    visitor = lobby.site.visitor()
    await lobby.sign_in(visitor, "kakao")
    login = {"username": (await who(visitor))["username"], "password": guess}
    assert (await lobby.site.visitor().post("/api/session", login))[0] == 401


async def test_an_identity_belongs_to_one_account(lobby):
    await lobby.sign_in(lobby.site.visitor(), "kakao")
    jimin = await lobby.site.member("jimin")
    assert await lobby.sign_in(jimin, "kakao", link="true") == "/me?error=sign_in.taken"
    await lobby.sign_in(jimin, "naver", link="true")
    lobby.fakes["naver"].subject = "another"
    assert await lobby.sign_in(jimin, "naver", link="true") == "/me?error=sign_in.linked"


async def test_a_closed_account_asks_to_be_restored(lobby):
    visitor = lobby.site.visitor()
    await lobby.sign_in(visitor, "kakao")
    person = await who(visitor)
    assert (await visitor.call("DELETE", "/api/me", json={}))[0] == 200
    assert await lobby.sign_in(visitor, "kakao") == "/login?error=member.closed"
    assert await who(visitor) is None
    assert (await visitor.post("/api/me/restore", {}))[0] == 200
    assert await who(visitor) == person


async def test_who_is_suspended_is_told_so_and_not_signed_in(lobby):
    visitor = lobby.site.visitor()
    await lobby.sign_in(visitor, "kakao")
    username = (await who(visitor))["username"]
    await lobby.site.app[keys.ADMINS].suspend(username, lobby.site.clock())
    again = lobby.site.visitor()
    assert await lobby.sign_in(again, "kakao") == "/login?error=member.suspended"
    assert await who(again) is None


async def test_saying_no_is_no_accident(lobby):
    lobby.fakes["kakao"].refuses = True
    assert await lobby.sign_in(lobby.site.visitor(), "kakao") == "/login?error=sign_in.refused"


async def test_an_unknown_provider_is_not_found(lobby):
    for path in ("/auth/google/start", "/auth/google/callback"):
        assert (await lobby.site.visitor().raw("GET", path)).status == 404
