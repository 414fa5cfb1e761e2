"""One RTCPeerConnection: tracks out, tracks in and counted, one offer and one answer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from typing import Any

import av
from aiortc import (
    MediaStreamTrack,
    RTCConfiguration,
    RTCIceServer,
    RTCPeerConnection,
    RTCSessionDescription,
)
from aiortc.mediastreams import MediaStreamError

from wagu.probe.errors import ProbeFailed
from wagu.probe.sinks import Screen
from wagu.probe.site import Message

CONNECT_WITHIN = 10.0


class Connection:
    def __init__(self, ice_servers: Iterable[Message] = ()) -> None:
        servers = [
            RTCIceServer(each["urls"], each["username"], each["credential"]) for each in ice_servers
        ]
        # None would mean a STUN server of somebody else.
        self.pc = RTCPeerConnection(RTCConfiguration(iceServers=servers))
        self.screen = Screen(time.monotonic())
        self._sinks: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Event()
        self.pc.on("track", self._receive)
        self.pc.on("connectionstatechange", self._changed.set)

    def send(self, track: MediaStreamTrack) -> None:
        self.pc.addTransceiver(track, direction="sendonly")

    def expect(self, kind: str) -> None:
        self.pc.addTransceiver(kind, direction="recvonly")

    async def offer(self) -> str:
        await self.pc.setLocalDescription(await self.pc.createOffer())
        return self.pc.localDescription.sdp

    async def accept(self, sdp: str) -> None:
        """Until media may flow. Raises ProbeFailed."""
        await self.pc.setRemoteDescription(RTCSessionDescription(sdp, "answer"))
        try:
            async with asyncio.timeout(CONNECT_WITHIN):
                while self.pc.connectionState != "connected":
                    self.check()
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError as error:
            raise ProbeFailed(
                f"no connection within {CONNECT_WITHIN:g} s: does UDP get through? "
                "`wagu doctor` beside the server tells more"
            ) from error

    def check(self) -> None:
        """Raises ProbeFailed when it is over."""
        if self.pc.connectionState in ("failed", "closed"):
            raise ProbeFailed(f"the media connection {self.pc.connectionState}")

    async def close(self) -> None:
        await self.pc.close()
        for each in self._sinks:
            each.cancel()
        await asyncio.gather(*self._sinks, return_exceptions=True)

    def _receive(self, track: MediaStreamTrack) -> None:
        self._sinks.add(asyncio.create_task(self._consume(track)))

    async def _consume(self, track: Any) -> None:
        """Whoever does not take frames away lets them pile up."""
        while True:
            try:
                frame = await track.recv()
            except MediaStreamError:
                return
            if isinstance(frame, av.VideoFrame):
                self.screen.show(time.monotonic(), frame.width, frame.height)
