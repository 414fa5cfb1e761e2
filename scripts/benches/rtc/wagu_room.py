"""Rooms of a real `wagu serve`, entered by the requests a browser makes: lives by WHIP and WHEP
with tickets, the voices of a shared map by its WebSocket."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from typing import Any

import aiohttp

from benches.rtc import sdp
from benches.rtc.peer import Peer
from tests.clients.guest import Guest

SLOTS = 6
"""Voices that a listener hears at a time."""


class WaguLive:
    """Viewers are a guest: nobody is shown what comes from their own other connections."""

    one_way = True

    def __init__(self, url: str) -> None:
        self._url = url
        self._host, self._guest = (
            aiohttp.ClientSession(
                cookie_jar=aiohttp.CookieJar(unsafe=True), headers={"Origin": url}
            )
            for _ in range(2)
        )
        self._live = ""

    async def open(self) -> None:
        member = {
            "username": f"b{secrets.token_hex(4)}",
            "password": secrets.token_hex(12),
            "name": "bench",
        }
        await _post(self._host, self._url + "/api/members", member)
        made = await _post(self._host, self._url + "/api/lives", {"title": "bench"})
        self._live = made["live"]["id"]
        await _post(self._guest, self._url + "/api/guests", {"name": "viewers"})

    async def publish(
        self, peer: Peer, ssrc: int, *, listens: bool = False, rids: Sequence[str] = ()
    ) -> sdp.Remote:
        return await self._negotiate(
            self._host, "publish", sdp.offer(peer.local, "video", ssrc=ssrc, rids=rids)
        )

    async def watch(self, peer: Peer, *, but: int = 0, layer: int | None = None) -> sdp.Remote:
        return await self._negotiate(
            self._guest, "watch", sdp.offer(peer.local, "video", receives=1)
        )

    async def close(self) -> None:
        await self._host.close()
        await self._guest.close()

    async def _negotiate(self, who: aiohttp.ClientSession, role: str, offer: str) -> sdp.Remote:
        tickets = f"{self._url}/api/lives/{self._live}/tickets"
        ticket = await _post(who, tickets, {"role": role})
        headers = {
            "Authorization": f"Bearer {ticket['token']}",
            "Content-Type": "application/sdp",
        }
        where = self._url + ticket["url"]
        async with who.post(where, data=offer, headers=headers) as answer:
            answer.raise_for_status()
            return sdp.read(await answer.text())


class WaguVoices:
    """Everybody is a guest of one map, and hears all others or nobody."""

    one_way = False

    def __init__(self, url: str) -> None:
        self._url = url
        self._guests: list[Guest] = []
        self._room = ""

    async def open(self) -> None:
        host = Guest(self._url, "host")
        self._guests.append(host)
        await host.become_member()
        self._room = await host.create_share_map()

    async def publish(
        self, peer: Peer, ssrc: int, *, listens: bool = False, rids: Sequence[str] = ()
    ) -> sdp.Remote:
        receives = SLOTS if listens else 0
        return await self._negotiate(sdp.offer(peer.local, "audio", ssrc=ssrc, receives=receives))

    async def watch(self, peer: Peer, *, but: int = 0, layer: int | None = None) -> sdp.Remote:
        """With a microphone that sends nothing."""
        return await self._negotiate(sdp.offer(peer.local, "audio", ssrc=1, receives=SLOTS))

    async def close(self) -> None:
        await asyncio.gather(*(guest.close() for guest in self._guests))

    async def _negotiate(self, offer: str) -> sdp.Remote:
        guest = await self._guest()
        await guest.join(self._room)
        answer = await guest.ask("voice_answer", type="voice_offer", sdp=offer)
        return sdp.read(answer["sdp"])

    async def _guest(self) -> Guest:
        guest = Guest(self._url, f"bench {len(self._guests)}")
        self._guests.append(guest)
        await guest.become_guest()
        return guest


async def _post(who: aiohttp.ClientSession, url: str, body: object) -> Any:
    async with who.post(url, json=body) as answer:
        answer.raise_for_status()
        return await answer.json()
