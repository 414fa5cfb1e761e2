"""A WHIP and a WHEP session from POST to DELETE over plain HTTP, as RFC 9725 has it.

Refusals that need no media are in tests/wagu/web/test_whip.py. The offers are those of real
browsers; no packet of media is sent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from aiohttp import ClientResponse

from tests.clients.guest import Guest
from tests.flows.conftest import MakeGuest

OFFERS = Path(__file__).parents[1] / "media/signalling/offers"
SDP, FRAGMENT = "application/sdp", "application/trickle-ice-sdpfrag"
STRONG_TAG = re.compile(r'"[^"]+"')
STUDIO = {"Origin": "https://studio.example.com", "Sec-Fetch-Site": "cross-site"}
TRICKLED = """a=ice-ufrag:{ufrag}
a=ice-pwd:{pwd}
m=audio 9 UDP/TLS/RTP/SAVPF 0
a=mid:0
a=candidate:1 1 udp 2122260223 192.0.2.1 61764 typ host
a=candidate:2 1 udp 2122194687 no-such-host.invalid 61765 typ host
a=candidate:3 1 sctp 1 192.0.2.1 9 typ host
a=end-of-candidates
"""
RESTART = "a=ice-ufrag:ysXw\r\na=ice-pwd:vw5LmwG4y/e6dPP/zAP9Gp5k\r\n"


class Client:
    """Speaks to one endpoint as a program on somebody else's site."""

    def __init__(self, guest: Guest, ticket: Mapping[str, str]) -> None:
        self.guest = guest
        self.endpoint = guest.url + ticket["url"]
        self.bearer = {"Authorization": f"Bearer {ticket['token']}", **STUDIO}

    async def send(self, method: str, url: str, body: str = "", **headers: str) -> ClientResponse:
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        async with self.guest.http.request(
            method, url, data=body.encode(), headers=self.bearer | named
        ) as response:
            await response.read()
        exposed = response.headers["Access-Control-Expose-Headers"].split(", ")
        assert {"Location", "ETag", "Link"} <= set(exposed), "to every answer, whatever it says"
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        return response

    async def patch(self, url: str, body: str, tag: str) -> ClientResponse:
        return await self.send("PATCH", url, body, Content_Type=FRAGMENT, If_Match=tag)


def of(name: str, text: str) -> str:
    found = re.search(rf"^a={name}:(\S+)\r?$", text, re.MULTILINE)
    assert found, f"no {name} in {text}"
    return found[1]


async def begins(client: Client, offer: str) -> tuple[str, str, str]:
    """4.2: the session's address, its entity tag, and our ufrag."""
    made = await client.send("POST", client.endpoint, offer, Content_Type=SDP)
    assert (made.status, made.content_type) == (201, SDP)
    answer = await made.text()
    assert "a=ice-lite" in answer
    assert "a=candidate:" in answer, "all of ours at once: they cannot be trickled to a client"
    assert "a=end-of-candidates" in answer
    assert not re.search(r"^m=(audio|video) 0 ", answer, re.MULTILINE), "nothing is left out"
    assert STRONG_TAG.fullmatch(made.headers["ETag"])
    session = str(made.url.join(made.url.with_path(made.headers["Location"], encoded=True)))
    assert session.startswith(client.endpoint + "/")
    return session, made.headers["ETag"], of("ice-ufrag", answer)


async def trickles_and_restarts(
    client: Client, session: str, tag: str, ufrag: str, offer: str
) -> None:
    """4.3.2 and 4.3.3."""
    trickled = TRICKLED.format(ufrag=of("ice-ufrag", offer), pwd=of("ice-pwd", offer))
    taken = await client.patch(session, trickled, tag)
    assert taken.status == 204

    restarted = await client.patch(session, RESTART, "*")
    assert (restarted.status, restarted.content_type) == (200, FRAGMENT)
    fragment = await restarted.text()
    assert of("ice-ufrag", fragment) != ufrag
    assert len(of("ice-pwd", fragment)) >= 22
    new_tag = restarted.headers["ETag"]
    assert STRONG_TAG.fullmatch(new_tag)
    assert new_tag != tag

    late = await client.patch(session, trickled, tag)
    assert (late.status, (await late.json())["error"]["code"]) == (412, "media.stale_session")
    malformed = await client.patch(session, "a=ice-ufrag:x", "*")
    assert (malformed.status, (await malformed.json())["error"]["code"]) == (400, "media.bad_offer")
    now = TRICKLED.format(ufrag="ysXw", pwd="vw5LmwG4y/e6dPP/zAP9Gp5k")
    assert (await client.patch(session, now, new_tag)).status == 204, "refusals ended nothing"


async def ends(client: Client, session: str) -> None:
    assert (await client.send("DELETE", session)).status == 200
    for gone in (await client.send("DELETE", session), await client.patch(session, RESTART, "*")):
        assert (gone.status, (await gone.json())["error"]["code"]) == (404, "media.no_resource")


async def test_a_whip_and_a_whep_session(server: Callable[..., Any], guests: MakeGuest) -> None:
    here = server()
    host, fan = await guests(here, "지민", member=True), await guests(here, "하늘")
    live = (await host.api("POST", "/api/lives", {"title": "냉면"}))["live"]["id"]
    sessions = []
    for guest, role, browser in ((host, "publish", "firefox"), (fan, "watch", "chromium")):
        ticket = await guest.api("POST", f"/api/lives/{live}/tickets", {"role": role})
        client = Client(guest, ticket)
        offer = (OFFERS / f"{browser}_{role}.sdp").read_text()
        session, tag, ufrag = await begins(client, offer)
        await trickles_and_restarts(client, session, tag, ufrag, offer)
        sessions.append((client, session))
    for client, session in reversed(sessions):
        await ends(client, session)


async def test_half_an_offer_is_not_taken(server: Callable[..., Any], guests: MakeGuest) -> None:
    """4.4.3: a picture nobody can forward is no reason to go live with the sound alone."""
    here = server()
    host = await guests(here, "지민", member=True)
    live = (await host.api("POST", "/api/lives", {"title": "냉면"}))["live"]["id"]
    ticket = await host.api("POST", f"/api/lives/{live}/tickets", {"role": "publish"})
    offer = (OFFERS / "ffmpeg_publish.sdp").read_text().replace("H264/90000", "H265/90000")
    client = Client(host, ticket)
    refused = await client.send("POST", client.endpoint, offer, Content_Type=SDP)
    assert (refused.status, (await refused.json())["error"]["code"]) == (400, "media.bad_offer")
