"""Guests: a name is enough."""

from __future__ import annotations

from wagu.bus import PersonRenamed
from wagu.web.rates import rate


async def test_a_guest_takes_a_name_and_keeps_the_id_when_renamed(site):
    visitor = site.visitor()
    status, first = await visitor.post("/api/guests", {"name": " 하늘 "})
    assert status == 201
    person = first["person"]
    assert person["id"].startswith("g_")
    assert person == {"id": person["id"], "name": "하늘", "kind": "guest", "admin": False}
    heard = site.events(PersonRenamed)
    _, second = await visitor.post("/api/guests", {"name": "바다"})
    assert second["person"] == person | {"name": "바다"}
    assert [event.person.name for event in heard] == ["바다"]
    assert (await visitor.get("/api/session"))[1] == second


async def test_a_member_is_no_guest(site):
    status, answer = await (await site.member("jimin")).post("/api/guests", {"name": "x"})
    assert (status, answer["error"]["code"]) == (409, "guest.already_member")


async def test_a_guest_needs_a_name(site):
    for name in ("", "  ", "가" * 21, "\u3164", "a\x00b"):
        status, answer = await site.visitor().post("/api/guests", {"name": name})
        assert (status, answer["error"]["code"]) == (422, "guest.bad_name")
        assert answer["error"]["field"] == "name"


async def test_two_guests_are_two(site):
    one, two = await site.guest("하늘"), await site.guest("하늘")
    ids = {(await each.get("/api/session"))[1]["person"]["id"] for each in (one, two)}
    assert len(ids) == 2


async def test_a_network_does_not_make_a_million_guests(site_with, monkeypatch):
    monkeypatch.setattr("wagu.web.handlers.guests.A_DAY", rate("3/day"))
    async with site_with(rate_limits="on") as site:
        regular = await site.guest()
        for _ in range(5):
            assert (await regular.post("/api/guests", {"name": "바다"}))[0] == 201, "the same guest"
        for _ in range(2):
            await site.guest()
        status, answer = await site.visitor().post("/api/guests", {"name": "x"})
        assert (status, answer["error"]["code"]) == (429, "rate.limited")
        assert (await regular.post("/api/guests", {"name": "파도"}))[0] == 201
