"""WHIP and WHEP: tickets, offers, resources, and other origins."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from wagu.domain.ban import Ban
from wagu.domain.person import PersonId, PersonRef
from wagu.domain.turn import password
from wagu.errors import BadRequest, Conflict
from wagu.web import keys

FRAGMENT = "application/trickle-ice-sdpfrag"
OFFER = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\n"


@dataclass
class Stage:
    host: object
    live: str
    publish: str
    watch: str


@pytest.fixture
async def stage(site):
    host = await site.member("jimin")
    live = (await host.post("/api/lives", {"title": "x"}))[1]["live"]["id"]
    tokens = [
        (await host.post(f"/api/lives/{live}/tickets", {"role": role}))[1]["token"]
        for role in ("publish", "watch")
    ]
    return Stage(host, live, *tokens)


async def offer(visitor, path, token, body=OFFER, **headers):
    wanted = {"Authorization": f"Bearer {token}", "Content-Type": "application/sdp", **headers}
    return await visitor.raw("POST", path, data=body, headers=wanted)


def _bearer(token):
    return {"Authorization": f"Bearer {token}"}


async def code(response):
    return response.status, (await response.json())["error"]["code"]


async def test_an_offer_is_answered_and_its_resource_deleted(site, stage):
    visitor, path = site.visitor(), f"/whip/{stage.live}"
    response = await offer(visitor, path, stage.publish)
    assert response.status == 201
    assert response.content_type == "application/sdp"
    assert await response.text() == f"v=0 answer to {len(OFFER)}"
    resource = response.headers["Location"]
    assert resource == f"{path}/session-1"
    bearer = {"Authorization": f"bearer {stage.publish}"}
    assert (await visitor.raw("DELETE", resource, headers=bearer)).status == 200
    again = await visitor.raw("DELETE", resource, headers=bearer)
    assert await code(again) == (404, "media.no_resource")
    room = f"live/{stage.live}"
    assert site.media.calls == [
        ("answer", room, "m_1:publish", "publish", OFFER),
        ("leave", room, "m_1:publish", "session-1"),
        ("leave", room, "m_1:publish", "session-1"),
    ]


async def test_whoever_was_replaced_ends_nobody_else(site, stage):
    """The host goes on from another device; the first one's good-bye comes late."""
    visitor, path = site.visitor(), f"/whip/{stage.live}"
    first = (await offer(visitor, path, stage.publish)).headers["Location"]
    second = (await offer(visitor, path, stage.publish)).headers["Location"]
    assert first != second
    bearer = _bearer(stage.publish)
    late = await visitor.raw("DELETE", first, headers=bearer)
    assert await code(late) == (404, "media.no_resource")
    # RFC 9725, 4.3.1: entity tags are for ICE sessions, a DELETE ends the session whatever it says.
    good_bye = {**bearer, "If-Match": '"of another time"'}
    assert (await visitor.raw("DELETE", second, headers=good_bye)).status == 200


async def test_a_viewer_watches(site, stage):
    response = await offer(site.visitor(), f"/whep/{stage.live}", stage.watch)
    assert response.status == 201
    assert response.headers["Location"].startswith(f"/whep/{stage.live}/")
    assert site.media.calls[0][3] == "watch"


async def test_tickets_open_their_own_door_only(site, stage):
    visitor = site.visitor()
    for path, token, wanted in [
        (f"/whip/{stage.live}", "guess", (401, "auth.bad_token")),
        (f"/whip/{stage.live}", "", (401, "auth.bad_token")),
        (f"/whip/{stage.live}", "\u00fc", (401, "auth.bad_token")),
        (f"/whip/{stage.live}", stage.watch, (403, "auth.wrong_token")),
        (f"/whep/{stage.live}", stage.publish, (403, "auth.wrong_token")),
        ("/whip/another", stage.publish, (403, "auth.wrong_token")),
    ]:
        assert await code(await offer(visitor, path, token)) == wanted
    bare = await visitor.raw("POST", f"/whip/{stage.live}", data=OFFER)
    assert bare.status == 401
    assert bare.headers["WWW-Authenticate"] == "Bearer"
    basic = {"Authorization": f"Basic {stage.publish}"}
    assert (await visitor.raw("POST", f"/whip/{stage.live}", headers=basic)).status == 401
    assert site.media.calls == []


async def test_a_session_is_no_ticket(site, stage):
    headers = {"Content-Type": "application/sdp"}
    response = await stage.host.raw("POST", f"/whip/{stage.live}", data=OFFER, headers=headers)
    assert await code(response) == (401, "auth.bad_token")


async def test_a_resource_belongs_to_its_ticket(site, stage):
    visitor, path = site.visitor(), f"/whip/{stage.live}"
    resource = (await offer(visitor, path, stage.publish)).headers["Location"]
    for address, token, wanted in [
        (resource, "guess", (401, "auth.bad_token")),
        (resource, stage.watch, (403, "auth.wrong_token")),
        (f"{path}/{'0' * 32}", stage.publish, (404, "media.no_resource")),
        (f"{path}/%C3%BC", stage.publish, (404, "media.no_resource")),
    ]:
        response = await visitor.raw("DELETE", address, headers=_bearer(token))
        assert await code(response) == wanted
    assert (await visitor.raw("DELETE", resource, headers=_bearer(stage.publish))).status == 200


async def test_what_is_no_offer(site, stage):
    visitor, path = site.visitor(), f"/whip/{stage.live}"
    json = await offer(visitor, path, stage.publish, **{"Content-Type": "application/json"})
    assert await code(json) == (415, "request.media_type")
    large = await offer(visitor, path, stage.publish, "x" * (64 * 1024 + 1))
    assert await code(large) == (413, "request.too_large")
    binary = await offer(visitor, path, stage.publish, b"\xff\xfe")
    assert await code(binary) == (400, "media.bad_offer")
    site.media.refusal = BadRequest("media.bad_offer", "no m-line")
    assert await code(await offer(visitor, path, stage.publish)) == (400, "media.bad_offer")
    site.media.refusal = Conflict("media.no_publication", "아직")
    response = await offer(visitor, f"/whep/{stage.live}", stage.watch)
    assert await code(response) == (409, "media.no_publication")


async def test_a_live_that_is_over_takes_no_offer(site, stage):
    await stage.host.delete(f"/api/lives/{stage.live}")
    for path, token in (
        (f"/whip/{stage.live}", stage.publish),
        (f"/whep/{stage.live}", stage.watch),
    ):
        assert await code(await offer(site.visitor(), path, token)) == (410, "live.ended")


async def test_a_live_that_ends_while_media_prepares_takes_no_offer(site, stage):
    site.media.while_preparing = lambda: stage.host.delete(f"/api/lives/{stage.live}")
    response = await offer(site.visitor(), f"/whip/{stage.live}", stage.publish)
    assert await code(response) == (410, "live.ended")
    assert not [call for call in site.media.calls if call[0] == "answer"]


async def test_other_sites_may_publish_and_watch_and_read_the_errors(site, stage):
    visitor = site.visitor()
    foreign = {"Origin": "https://studio.example.com", "Sec-Fetch-Site": "cross-site"}
    response = await offer(visitor, f"/whip/{stage.live}", stage.publish, **foreign)
    assert response.status == 201
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["Access-Control-Expose-Headers"] == "Location, ETag, Link, Accept-Patch"
    assert "Access-Control-Allow-Credentials" not in response.headers
    refused = await offer(visitor, f"/whip/{stage.live}", "guess", **foreign)
    assert refused.headers["Access-Control-Allow-Origin"] == "*"
    own = await visitor.raw("GET", "/api/config", headers=foreign)
    assert "Access-Control-Allow-Origin" not in own.headers


async def test_options_say_what_may_be_sent(site, stage):
    """RFC 9725, 4.2: 200, for CORS and for whoever only asks."""
    visitor = site.visitor()
    asked = {
        "Origin": "https://studio.example.com",
        "Access-Control-Request-Method": "PATCH",
        "Access-Control-Request-Headers": "authorization,content-type,if-match",
    }
    for path, header, media_type in [
        (f"/whip/{stage.live}", "Accept-Post", "application/sdp"),
        (f"/whep/{stage.live}", "Accept-Post", "application/sdp"),
        (f"/whip/{stage.live}/resource", "Accept-Patch", FRAGMENT),
        (f"/whep/{stage.live}/resource", "Accept-Patch", FRAGMENT),
    ]:
        response = await visitor.raw("OPTIONS", path, headers=asked)
        assert response.status == 200
        told = response.headers
        assert told[header] == media_type
        assert len({"Accept-Post", "Accept-Patch"} & set(told)) == 1
        assert told["Access-Control-Allow-Origin"] == "*"
        assert told["Access-Control-Allow-Methods"] == "POST, PATCH, DELETE, OPTIONS"
        allowed = told["Access-Control-Allow-Headers"]
        assert allowed == "Authorization, Content-Type, If-Match"
    assert site.media.calls == []


async def test_other_methods_are_told_which_there_are(site, stage):
    """RFC 9725, 4.2: they are kept for later versions of the protocol."""
    visitor = site.visitor()
    for methods, path, allowed in [
        ("GET HEAD PUT PATCH DELETE", f"/whip/{stage.live}", "OPTIONS, POST"),
        ("GET HEAD PUT PATCH DELETE", f"/whep/{stage.live}", "OPTIONS, POST"),
        ("GET HEAD POST PUT", f"/whip/{stage.live}/resource", "DELETE, OPTIONS, PATCH"),
        ("GET HEAD POST PUT", f"/whep/{stage.live}/resource", "DELETE, OPTIONS, PATCH"),
    ]:
        for method in methods.split():
            response = await visitor.raw(method, path)
            assert (response.status, response.headers["Allow"]) == (405, allowed), (method, path)


def _patch(token, tag="*"):
    wanted = {**_bearer(token), "Content-Type": FRAGMENT}
    return wanted if tag is None else {**wanted, "If-Match": tag}


async def test_ice_is_restarted_by_patch(site, stage):
    visitor, path = site.visitor(), f"/whep/{stage.live}"
    made = await offer(visitor, path, stage.watch)
    resource, tag = made.headers["Location"], made.headers["ETag"]
    assert made.headers["Accept-Patch"] == FRAGMENT
    wanted = _patch(stage.watch)
    response = await visitor.raw("PATCH", resource, data="a=restart", headers=wanted)
    assert response.status == 200
    assert response.content_type == FRAGMENT
    assert await response.text() == "a=ice-ufrag:ours\r\n"
    assert response.headers["ETag"] not in ("", tag)
    late = _patch(stage.watch, tag)
    response = await visitor.raw("PATCH", resource, data="a=candidate:1", headers=late)
    assert await code(response) == (412, "media.stale_session")


async def test_candidates_are_taken_without_a_word(site, stage):
    visitor, path = site.visitor(), f"/whip/{stage.live}"
    made = await offer(visitor, path, stage.publish)
    for tag in (made.headers["ETag"], "*"):
        response = await visitor.raw(
            "PATCH",
            made.headers["Location"],
            data="a=candidate:1",
            headers=_patch(stage.publish, tag),
        )
        assert (response.status, await response.read()) == (204, b"")


async def test_what_is_no_patch(site, stage):
    visitor, path = site.visitor(), f"/whip/{stage.live}"
    resource = (await offer(visitor, path, stage.publish)).headers["Location"]
    for address, headers, wanted in [
        (resource, _patch("guess"), (401, "auth.bad_token")),
        (resource, _patch(stage.watch), (403, "auth.wrong_token")),
        (f"{path}/another", _patch(stage.publish), (404, "media.no_resource")),
        (resource, _patch(stage.publish, None), (428, "media.no_if_match")),
        (resource, _patch(stage.publish, '"stale"'), (412, "media.stale_session")),
        (resource, _patch(stage.publish, 'W/"tag-0"'), (412, "media.stale_session")),
        (resource, _patch(stage.publish, '"a", "b"'), (412, "media.stale_session")),
        (
            resource,
            {**_patch(stage.publish), "Content-Type": "application/sdp"},
            (415, "request.media_type"),
        ),
    ]:
        response = await visitor.raw("PATCH", address, data="a=restart", headers=headers)
        assert await code(response) == wanted, (address, headers)
    assert response.headers["Accept-Patch"] == FRAGMENT, "415 says what would do (RFC 5789, 2.2)"


async def test_who_takes_no_sdp_gets_none(site, stage):
    visitor, path = site.visitor(), f"/whip/{stage.live}"
    response = await offer(visitor, path, stage.publish, Accept="application/json, text/*;q=0.3")
    assert await code(response) == (406, "request.not_acceptable")
    for accepted in ("application/sdp", "text/html, application/*;q=0.5", "*/*"):
        assert (await offer(visitor, path, stage.publish, Accept=accepted)).status == 201


async def test_a_guest_publishes_until_the_stage_is_over_for_them(site, stage):
    fan = await site.known("fan")
    room, guests = f"live/{stage.live}", site.app[keys.GUESTS]
    await guests.invite(room, PersonRef(PersonId("m_2"), "fan"))
    await guests.accept(room, "m_2")
    ticket = (await fan.post(f"/api/lives/{stage.live}/tickets", {"role": "guest"}))[1]["token"]
    response = await offer(fan, f"/whip/{stage.live}", ticket)
    assert response.status == 201
    assert site.media.calls[-1] == ("answer", room, "m_2:stage", "guest", OFFER)
    gone = await fan.raw("DELETE", response.headers["Location"], headers=_bearer(ticket))
    assert gone.status == 200
    refused = await offer(fan, f"/whep/{stage.live}", ticket)
    assert await code(refused) == (403, "auth.wrong_token")
    await guests.remove(room, "m_2")
    refused = await offer(fan, f"/whip/{stage.live}", ticket)
    assert await code(refused) == (403, "stage.not_invited")


SECRET, TURN_URLS = "north", "turn:turn.example.org, turns:turn.example.org:443?transport=tcp"


def _links(response):
    return response.headers.getall("Link", [])


async def test_who_has_a_ticket_gets_turn_servers(site_with):
    async with site_with(turn_urls=TURN_URLS, turn_secret=SECRET) as site:
        host = await site.member("jimin")
        live = (await host.post("/api/lives", {"title": "x"}))[1]["live"]["id"]
        _, ticket = await host.post(f"/api/lives/{live}/tickets", {"role": "publish"})
        username = f"{round(site.clock.now + 86_400)}:m_1"
        credential = password(SECRET, username)
        urls = ["turn:turn.example.org", "turns:turn.example.org:443?transport=tcp"]
        assert ticket["ice_servers"] == [
            {"urls": urls, "username": username, "credential": credential}
        ]
        expected = [
            f'<{url}>; rel="ice-server"; username="{username}"; credential="{credential}"; '
            'credential-type="password"'
            for url in urls
        ]
        visitor, path = site.visitor(), f"/whip/{live}"
        assert _links(await offer(visitor, path, ticket["token"])) == expected
        asked = await visitor.raw("OPTIONS", path, headers=_bearer(ticket["token"]))
        assert (asked.status, _links(asked)) == (200, expected)
        assert asked.headers["Cache-Control"] == "no-store"
        assert asked.headers["Accept-Post"] == "application/sdp"
        for stranger in ({}, _bearer("guess")):
            asked = await visitor.raw("OPTIONS", path, headers=stranger)
            assert (asked.status, _links(asked)) == (200, [])
        other = await visitor.raw("OPTIONS", f"/whep/{live}", headers=_bearer(ticket["token"]))
        assert (other.status, _links(other)) == (200, [])


async def test_a_viewer_without_an_account_gets_them_too(site_with):
    async with site_with(turn_urls=TURN_URLS, turn_secret=SECRET) as site:
        host = await site.member("jimin")
        live = (await host.post("/api/lives", {"title": "x"}))[1]["live"]["id"]
        _, ticket = await site.visitor().post(f"/api/lives/{live}/tickets", {"role": "watch"})
        (server,) = ticket["ice_servers"]
        assert server["username"].partition(":")[2].startswith("v_")
        response = await offer(site.visitor(), f"/whep/{live}", ticket["token"])
        assert f'username="{server["username"]}"' in _links(response)[0]


async def test_without_turn_there_is_no_link(site, stage):
    assert _links(await offer(site.visitor(), f"/whip/{stage.live}", stage.publish)) == []


async def test_a_ticket_from_before_the_ban_opens_nothing(site, stage):
    fan = await site.known("fan")
    ticket = (await fan.post(f"/api/lives/{stage.live}/tickets", {"role": "watch"}))[1]["token"]
    banned = Ban(PersonRef(PersonId("m_2"), "fan"), 1.0)
    await site.app[keys.BANS].add(f"live/{stage.live}", banned)
    response = await offer(fan, f"/whep/{stage.live}", ticket)
    assert await code(response) == (403, "room.banned")
    assert (await offer(site.visitor(), f"/whep/{stage.live}", stage.watch)).status == 201
