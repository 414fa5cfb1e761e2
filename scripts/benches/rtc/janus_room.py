"""A room of Janus' videoroom plugin, by its HTTP transport: publishers offer, viewers answer."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from typing import Any

import aiohttp

from benches.rtc import sdp
from benches.rtc.peer import Peer

PLUGIN = "janus.plugin.videoroom"


class JanusRoom:
    """Who watches receives all who published before, over one connection."""

    one_way = True

    def __init__(self, url: str, kind: sdp.Kind) -> None:
        self._http = aiohttp.ClientSession()
        self._url = f"{url}/janus"
        self._kind = kind
        self._room = secrets.randbelow(1 << 30)
        self._publishers: dict[int, int] = {}
        self._handles: list[_Handle] = []

    async def open(self) -> None:
        room = {"room": self._room, "publishers": 100, "bitrate": 0, "videocodec": "vp8"}
        await (await self._handle()).tell(request="create", **room)

    async def publish(
        self, peer: Peer, ssrc: int, *, listens: bool = False, rids: Sequence[str] = ()
    ) -> sdp.Remote:
        handle = await self._handle()
        joined = await handle.ask(request="join", ptype="publisher", room=self._room)
        offer = {"type": "offer", "sdp": sdp.offer(peer.local, self._kind, ssrc=ssrc, rids=rids)}
        answer = await handle.ask(offer, request="publish")
        self._publishers[ssrc] = joined["plugindata"]["data"]["id"]
        return sdp.read(answer["jsep"]["sdp"])

    async def watch(self, peer: Peer, *, but: int = 0, layer: int | None = None) -> sdp.Remote:
        handle = await self._handle()
        streams = [{"feed": feed} for ssrc, feed in self._publishers.items() if ssrc != but]
        event = await handle.ask(
            request="join", ptype="subscriber", room=self._room, streams=streams
        )
        offered = event["jsep"]["sdp"]
        answer = {"type": "answer", "sdp": sdp.answer(peer.local, offered)}
        await handle.ask(answer, request="start")
        if layer is not None:
            chosen = [{"mid": "0", "substream": layer}]
            await handle.ask(request="configure", streams=chosen)
        return sdp.read(offered)

    async def close(self) -> None:
        await asyncio.gather(*(handle.close() for handle in self._handles))
        await self._http.close()

    async def _handle(self) -> _Handle:
        handle = _Handle(self._http, self._url)
        await handle.open()
        self._handles.append(handle)
        return handle


class _Handle:
    """A session with one handle of the plugin, as a browser has."""

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self._http = http
        self._session = self._plugin = url

    async def open(self) -> None:
        made = await self._post(self._session, {"janus": "create"})
        self._session += f"/{made['data']['id']}"
        attached = await self._post(self._session, {"janus": "attach", "plugin": PLUGIN})
        self._plugin = f"{self._session}/{attached['data']['id']}"

    async def tell(self, **body: Any) -> None:
        """A request that is answered at once."""
        await self._post(self._plugin, {"janus": "message", "body": body})

    async def ask(self, jsep: object = None, **body: Any) -> Any:
        """Send a message and wait for the event that answers it."""
        message = {"janus": "message", "body": body, "transaction": secrets.token_hex(6)}
        await self._post(self._plugin, message | ({"jsep": jsep} if jsep else {}))
        while True:
            async with self._http.get(self._session, params={"maxev": 1}) as answer:
                event = await answer.json()
            if event.get("transaction") == message["transaction"]:
                return _checked(event)

    async def close(self) -> None:
        await self._post(self._session, {"janus": "destroy"})

    async def _post(self, url: str, message: dict[str, Any]) -> Any:
        message.setdefault("transaction", secrets.token_hex(6))
        async with self._http.post(url, json=message) as answer:
            return _checked(await answer.json())


def _checked(said: Any) -> Any:
    data = said.get("plugindata", {}).get("data", {})
    if said["janus"] == "error" or "error" in data:
        raise RuntimeError(f"Janus refuses: {said}")
    return said
