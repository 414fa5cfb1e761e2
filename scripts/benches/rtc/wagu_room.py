"""Rooms of a real `wagu serve`, entered by the requests a browser makes: lives by WHIP and WHEP
with tickets, the voices of a shared map by its WebSocket."""

from __future__ import annotations

import asyncio
import secrets
from typing import Any

import aiohttp

from benches.rtc import sdp
from benches.rtc.peer import Peer
from tests.clients.guest import Guest

SLOTS = 6
"""Voices that a listener hears at a time."""


class WaguLive:
    one_way = True

    def __init__(self, url: str) -> None:
        self._url = url
        self._http = aiohttp.ClientSession(
            cookie_jar=aiohttp.CookieJar(unsafe=True), headers={"Origin": url}
        )
        self._live = ""

    async def open(self) -> None:
        member = {
            "username": f"b{secrets.token_hex(4)}",
            "password": secrets.token_hex(12),
            "name": "bench",
        }
        await self._post("/api/members", member)
        self._live = (await self._post("/api/lives", {"title": "bench"}))["live"]["id"]

    async def publish(self, peer: Peer, ssrc: int, *, listens: bool = False) -> sdp.Remote:
        return await self._negotiate("publish", sdp.offer(peer.local, "video", ssrc=ssrc))

    async def watch(self, peer: Peer, *, but: int = 0) -> sdp.Remote:
        return await self._negotiate("watch", sdp.offer(peer.local, "video", receives=1))

    async def close(self) -> None:
        await self._http.close()

    async def _negotiate(self, role: str, offer: str) -> sdp.Remote:
        ticket = await self._post(f"/api/lives/{self._live}/tickets", {"role": role})
        headers = {
            "Authorization": f"Bearer {ticket['token']}",
            "Content-Type": "application/sdp",
        }
        where = self._url + ticket["url"]
        async with self._http.post(where, data=offer, headers=headers) as answer:
            answer.raise_for_status()
            return sdp.read(await answer.text())

    async def _post(self, path: str, body: object) -> Any:
        async with self._http.post(self._url + path, json=body) as answer:
            answer.raise_for_status()
            return await answer.json()


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

    async def publish(self, peer: Peer, ssrc: int, *, listens: bool = False) -> sdp.Remote:
        receives = SLOTS if listens else 0
        return await self._negotiate(sdp.offer(peer.local, "audio", ssrc=ssrc, receives=receives))

    async def watch(self, peer: Peer, *, but: int = 0) -> sdp.Remote:
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
