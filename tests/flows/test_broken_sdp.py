"""An offer that is none: HTTP 400 with a reason that helps, and nobody gets in by it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.clients.guest import Guest, Refused
from tests.flows.conftest import MakeGuest

BROKEN = {
    "nothing": "",
    "a sentence": "hello",
    "no m-line": "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n",
    "no ICE": "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=rtpmap:111 opus/48000/2\r\n",
    "binary": "\x00\x01\x02" * 100,
}


async def going_live(server: Any, guests: MakeGuest) -> tuple[Guest, str]:
    host = await guests(server, "지민", member=True)
    live = (await host.api("POST", "/api/lives", {"title": "저녁"}))["live"]["id"]
    return host, live


async def ticket(person: Guest, live: str, role: str) -> str:
    return str((await person.api("POST", f"/api/lives/{live}/tickets", {"role": role}))["token"])


async def post(person: Guest, path: str, token: str, body: bytes, **more: str) -> tuple[int, Any]:
    headers = {"Content-Type": "application/sdp", "Authorization": f"Bearer {token}", **more}
    async with person.http.post(person.url + path, data=body, headers=headers) as answer:
        return answer.status, (await answer.json())["error"]


async def test_whip_says_why_it_takes_no_offer(
    server: Callable[..., Any], guests: MakeGuest
) -> None:
    host, live = await going_live(server(), guests)
    token = await ticket(host, live, "publish")
    for what, sdp in BROKEN.items():
        status, error = await post(host, f"/whip/{live}", token, sdp.encode())
        assert (status, error["code"]) == (400, "media.bad_offer"), what
        assert len(error["message"]) > 10, f"a reason for {what}"
    status, error = await post(host, f"/whip/{live}", token, b"\xff\xfe")
    assert (status, error["code"]) == (400, "media.bad_offer")
    status, _ = await post(host, f"/whip/{live}", token, b"v=0\r\n" * 20_000)
    assert status == 413


async def test_nobody_gets_in_by_somebody_elses_ticket(
    server: Callable[..., Any], guests: MakeGuest
) -> None:
    here = server()
    host, live = await going_live(here, guests)
    fan = await guests(here, "하늘")
    with pytest.raises(Refused, match=r"live\.not_host"):
        await ticket(fan, live, "publish")
    watching = await ticket(fan, live, "watch")
    assert (await post(fan, f"/whip/{live}", watching, b"v=0"))[0] == 403
    other = (await host.api("POST", "/api/lives", {"title": "다른 방송"}))["live"]["id"]
    publishing = await ticket(host, live, "publish")
    assert (await post(host, f"/whip/{other}", publishing, b"v=0"))[0] == 403
    assert (await post(fan, f"/whip/{live}", "made up", b"v=0"))[0] == 401
    assert (await post(fan, f"/whep/{live}", publishing, b"v=0"))[0] == 403


async def test_a_broken_voice_offer_leaves_the_room_as_it_was(
    server: Callable[..., Any], guests: MakeGuest
) -> None:
    host = await guests(server(), "지민", member=True)
    await host.join(await host.create_share_map())
    for sdp in BROKEN.values():
        with pytest.raises(Refused, match=r"media\.bad_offer"):
            await host.ask("voice_answer", type="voice_offer", sdp=sdp)
    await host.ask("chatted", type="chat", text="아직 여기 있어", nonce="b")
    assert host.last("joined")["people"][0]["voice"] == "off"
