"""Lives as REST sees them, and their tickets."""

from __future__ import annotations

import pytest

from wagu.bus import LiveCreated, LiveEnded, PersonBlocked, ViewersChanged
from wagu.domain.ban import Ban
from wagu.domain.live import LiveId, LiveState
from wagu.domain.person import PersonId, PersonRef
from wagu.ephemeral.tickets import TicketClaims
from wagu.web import keys

pytestmark = pytest.mark.sql


@pytest.fixture
async def host(site):
    return await site.known("jimin")


async def announce(visitor, **body):
    status, answer = await visitor.post("/api/lives", {"title": "을지로 노포"} | body)
    assert status == 201, answer
    return answer["live"]


async def test_a_live_is_announced_and_listed(site, host):
    heard = site.events(LiveCreated)
    made = await announce(host)
    assert made == {
        "id": made["id"],
        "title": "을지로 노포",
        "host": {"id": "m_1", "name": "jimin", "username": "jimin", "photo": None},
        "place": None,
        "state": "waiting",
        "viewers": 0,
        "peak_viewers": 0,
        "started_at": None,
        "ended_at": None,
        "recorded": False,
        "recording": None,
        "snapshot": None,
    }
    assert heard == [LiveCreated(made["id"])]
    assert await site.visitor().get("/api/lives") == (200, {"lives": [made], "next": None})
    assert await site.visitor().get(f"/api/lives/{made['id']}") == (200, {"live": made})


async def test_a_live_at_a_place(host):
    _, added = await host.post("/api/places", {"name": "을지면옥", "at": [37.5, 127.0]})
    made = await announce(host, place_id=added["place"]["id"])
    assert made["place"] == added["place"]


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({"title": " "}, "live.bad_title", "title"),
        ({"title": "가" * 61}, "live.bad_title", "title"),
        ({"place_id": 99}, "place.unknown", "place_id"),
        ({"place_id": 0}, "request.invalid", "place_id"),
        ({"place_id": 2**63}, "request.invalid", "place_id"),
        ({"place_id": True}, "request.invalid", "place_id"),
    ],
)
async def test_a_live_that_cannot_be(host, body, code, field):
    status, answer = await host.post("/api/lives", {"title": "x"} | body)
    assert status == 422
    assert (answer["error"]["code"], answer["error"]["field"]) == (code, field)


async def test_viewers_come_from_the_bus(site, host):
    made = await announce(host)
    path, bus = f"/api/lives/{made['id']}", site.app[keys.BUS]
    bus.publish(ViewersChanged(LiveId(made["id"]), 3))
    _, answer = await host.get(path)
    assert (answer["live"]["viewers"], answer["live"]["peak_viewers"]) == (3, 3)
    bus.publish(ViewersChanged(LiveId(made["id"]), 0))
    assert (await host.get(path))[1]["live"]["viewers"] == 0


async def test_the_host_ends_it_once(site, host):
    made, heard = await announce(host), site.events(LiveEnded)
    path = f"/api/lives/{made['id']}"
    assert await host.delete(path) == (204, None)
    assert await host.delete(path) == (204, None)
    assert heard == [LiveEnded(made["id"], "by_host")]
    _, answer = await site.visitor().get(path)
    assert answer["live"]["state"] == "ended"
    assert answer["live"]["ended_at"] == round(site.clock.now * 1000)
    assert (await host.get("/api/lives"))[1] == {"lives": [], "next": None}


async def test_others_do_not_end_it_but_an_admin_does(site, host):
    path = f"/api/lives/{(await announce(host))['id']}"
    heard = site.events(LiveEnded)
    status, answer = await (await site.known("other")).delete(path)
    assert (status, answer["error"]["code"]) == (403, "live.not_host")
    assert await (await site.known("the.admin", admin=True)).delete(path) == (204, None)
    assert [event.reason for event in heard] == ["by_admin"]


async def test_the_list_has_the_newest_first(site, host):
    first = await announce(host)
    site.clock.now += 1
    second = await announce(host)
    _, answer = await host.get("/api/lives")
    assert [live["id"] for live in answer["lives"]] == [second["id"], first["id"]]


async def test_an_unknown_live(site):
    status, answer = await site.visitor().get("/api/lives/nope")
    assert (status, answer["error"]["code"]) == (404, "live.unknown")


async def ticket(visitor, live, role):
    return await visitor.post(f"/api/lives/{live['id']}/tickets", {"role": role})


async def test_the_host_gets_a_ticket_to_publish_and_nobody_else(site, host):
    live = await announce(host)
    status, answer = await ticket(host, live, "publish")
    assert status == 201
    assert answer["kind"] == "embedded"
    assert answer["url"] == f"/whip/{live['id']}"
    assert answer["expires_at"] > site.clock.now * 1000
    claims = await site.app[keys.TICKETS].resolve(answer["token"])
    assert claims.room == f"live/{live['id']}"
    assert (claims.role, claims.person.id, claims.peer) == ("publish", "m_1", "m_1:publish")
    for visitor in (
        site.visitor(),
        await site.guest(),
        await site.known("other"),
        await site.known("the.admin", admin=True),
    ):
        status, answer = await ticket(visitor, live, "publish")
        assert (status, answer["error"]["code"]) == (403, "live.not_host")


async def test_anyone_gets_a_ticket_to_watch_each_as_a_peer_of_their_own(site, host):
    live = await announce(host)
    guest = await site.guest()
    claims: list[TicketClaims] = []
    for visitor in (site.visitor(), guest, guest):
        status, answer = await ticket(visitor, live, "watch")
        assert (status, answer["url"]) == (201, f"/whep/{live['id']}")
        claims.append(await site.app[keys.TICKETS].resolve(answer["token"]))
    assert [claim.person.kind for claim in claims] == ["viewer", "guest", "guest"]
    assert claims[0].person.id.startswith("v_")
    assert len({claim.peer for claim in claims}) == 3


async def test_there_is_no_ticket_to_what_is_over(site, host):
    live = await announce(host)
    await site.app[keys.LIVES].set_state(LiveId(live["id"]), LiveState.ENDED, 1.0)
    for role in ("publish", "watch"):
        status, answer = await ticket(host, live, role)
        assert (status, answer["error"]["code"]) == (410, "live.ended")
    status, answer = await ticket(host, {"id": "nope"}, "watch")
    assert (status, answer["error"]["code"]) == (404, "live.unknown")
    status, answer = await ticket(host, live, "talk")
    assert (status, answer["error"]["field"]) == (422, "role")


async def test_lives_of_whom_one_follows(site, host):
    viewer, made = await site.known("viewer"), await announce(host)
    await announce(await site.known("stranger"))
    assert (await viewer.get("/api/lives?scope=following"))[1]["lives"] == []
    await viewer.call("PUT", "/api/members/jimin/follow")
    _, answer = await viewer.get("/api/lives?scope=following")
    assert answer == {"lives": [made], "next": None}
    assert (await site.visitor().get("/api/lives?scope=following"))[0] == 401
    assert (await site.visitor().get("/api/lives?scope=mine"))[0] == 422


async def test_the_list_comes_in_pages(site, host):
    made = []
    for _ in range(3):
        site.clock.now += 0.25
        made.append((await announce(host))["id"])
    _, first = await host.get("/api/lives", params={"limit": 2})
    _, rest = await host.get("/api/lives", params={"limit": 2, "after": first["next"]})
    assert [live["id"] for live in first["lives"] + rest["lives"]] == made[::-1]
    assert rest["next"] is None
    status, answer = await host.get("/api/lives?after=x")
    assert (status, answer["error"]["field"]) == (422, "after")


async def shown_and_ended(site, host, **body):
    live = LiveId((await announce(host, **body))["id"])
    for state in (LiveState.ON_AIR, LiveState.ENDED):
        site.clock.now += 60
        await site.app[keys.LIVES].set_state(live, state, site.clock.now)
    await site.app[keys.LIVES].record_peak(live, 7)
    return live


async def test_past_lives_of_a_member_and_of_a_place(site, host):
    _, added = await host.post("/api/places", {"name": "을지면옥", "at": [37.5, 127.0]})
    past = await shown_and_ended(site, host, place_id=added["place"]["id"])
    now = await announce(host)
    anybody = site.visitor()
    _, of_host = await anybody.get("/api/members/jimin/lives")
    assert [live["id"] for live in of_host["lives"]] == [now["id"], past]
    _, there = await anybody.get("/api/places/1/lives")
    _, page = await anybody.get("/api/places/1")
    assert there == {"lives": of_host["lives"][1:], "next": None}
    assert page["lives"] == there["lives"]
    live = there["lives"][0]
    assert (live["state"], live["peak_viewers"], live["viewers"]) == ("ended", 7, 0)
    assert live["ended_at"] - live["started_at"] == 60_000
    for path in ("/api/members/nobody/lives", "/api/places/9/lives"):
        assert (await anybody.get(path))[0] == 404


async def test_a_block_hides_lives_both_ways(site, host):
    viewer, live = await site.known("viewer"), await shown_and_ended(site, host)
    theirs = await announce(viewer)
    heard = site.events(PersonBlocked)
    assert (await host.call("PUT", "/api/members/viewer/block"))[0] == 204
    assert heard == [PersonBlocked("m_1", "m_2")]
    for visitor, hidden in ((viewer, live), (host, theirs["id"])):
        for method, path, rest in (
            ("GET", f"/api/lives/{hidden}", {}),
            ("DELETE", f"/api/lives/{hidden}", {}),
            ("POST", f"/api/lives/{hidden}/tickets", {"json": {"role": "watch"}}),
        ):
            status, answer = await visitor.call(method, path, **rest)
            assert (status, answer["error"]["code"]) == (404, "live.unknown")
    assert (await viewer.get("/api/members/jimin/lives"))[0] == 404
    assert (await host.get("/api/members/viewer/lives"))[1]["lives"] == []
    assert [one["id"] for one in (await host.get("/api/lives"))[1]["lives"]] == []


async def test_an_admin_ends_what_they_may_not_see(site, host):
    admin, live = await site.known("the.admin", admin=True), await announce(host)
    await host.call("PUT", "/api/members/the.admin/block")
    assert (await admin.get(f"/api/lives/{live['id']}"))[0] == 404
    assert (await admin.delete(f"/api/lives/{live['id']}"))[0] == 204


@pytest.mark.parametrize("path", ["/api/lives", "/api/members/jimin/lives", "/api/places/1/lives"])
async def test_the_same_number_of_queries_however_many(site, host, queries, path):
    await host.post("/api/places", {"name": "을지면옥", "at": [37.5, 127.0]})
    counts = []
    for _ in range(2):
        await announce(host, place_id=1)
        with queries() as sent:
            assert (await site.visitor().get(path))[0] == 200
        counts.append(len(sent))
    assert counts[0] == counts[1] <= 2


# -------------------------------------------------------------------------------------------- bans


async def wanted(visitor, live, **rest):
    return await visitor.raw("POST", f"/api/lives/{live}/tickets", json={"role": "watch"}, **rest)


async def test_who_is_banned_gets_no_ticket(site, host):
    live = (await announce(host))["id"]
    fan = await site.known("fan")
    await site.app[keys.BANS].add(f"live/{live}", Ban(PersonRef(PersonId("m_2"), "fan"), 1.0))
    refused = await wanted(fan, live)
    assert (refused.status, (await refused.json())["error"]["code"]) == (403, "room.banned")
    assert (await wanted(host, live)).status == 201
    assert (await wanted(site.visitor(), live)).status == 201
    await site.app[keys.BANS].lift(f"live/{live}", "m_2")
    assert (await wanted(fan, live)).status == 201


async def test_nor_does_who_comes_from_there_without_an_account(site, host):
    live = (await announce(host))["id"]
    neighbour = await site.guest()
    site.clock.now += 5
    there = Ban(PersonRef(PersonId("g_x"), "x"), site.clock.now, ("127.0.0.1",))
    await site.app[keys.BANS].add(f"live/{live}", there)
    site.clock.now += 5
    for newcomer in (await site.guest(), site.visitor()):
        refused = await wanted(newcomer, live)
        code = (await refused.json())["error"]["code"]
        assert (refused.status, code) == (403, "room.network_banned")
    for known in (neighbour, host):
        assert (await wanted(known, live)).status == 201


# ----------------------------------------------------------------------------------------- guests


async def test_who_accepted_gets_a_ticket_beside_the_host(site, host):
    live = (await announce(host))["id"]
    fan = await site.known("fan")
    room, guests = f"live/{live}", site.app[keys.GUESTS]

    async def asked(visitor):
        path = f"/api/lives/{live}/tickets"
        status, answer = await visitor.post(path, {"role": "guest"})
        return answer if status == 201 else answer["error"]["code"]

    assert await asked(site.visitor()) == "auth.required"
    assert await asked(fan) == "stage.not_invited"
    await guests.invite(room, PersonRef(PersonId("m_2"), "fan"))
    assert await asked(fan) == "stage.not_invited"
    await guests.accept(room, "m_2")
    ticket = await asked(fan)
    assert ticket["url"] == f"/whip/{live}"
    claims = await site.app[keys.TICKETS].resolve(ticket["token"])
    assert (claims.room, claims.role, claims.peer) == (room, "guest", "m_2:stage")
    status, answer = await fan.post(f"/api/lives/{live}/tickets", {"role": "publish"})
    assert (status, answer["error"]["code"]) == (403, "live.not_host")
