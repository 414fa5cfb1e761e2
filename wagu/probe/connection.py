"""One RTCPeerConnection: tracks out, tracks in and counted, one offer and one answer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
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
from aiortc.rtp import RTCP_PSFB_APP, AnyRtcpPacket, RtcpPsfbPacket, unpack_remb_fci

from wagu.probe.errors import ProbeFailed
from wagu.probe.sinks import Screen
from wagu.probe.site import Message

CONNECT_WITHIN = 10.0

Handle = Callable[[AnyRtcpPacket], Awaitable[None]]


class Connection:
    """`estimate` is what the picture's way to its receiver carries in bit/s, as the receiver says
    by REMB: we of what we watch, the server of what we publish. None before."""

    def __init__(self, ice_servers: Iterable[Message] = ()) -> None:
        servers = [
            RTCIceServer(each["urls"], each["username"], each["credential"]) for each in ice_servers
        ]
        # None would mean a STUN server of somebody else.
        self.pc = RTCPeerConnection(RTCConfiguration(iceServers=servers))
        self.screen = Screen(time.monotonic())
        self.estimate: int | None = None
        self._sinks: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Event()
        self.pc.on("track", self._receive)
        self.pc.on("connectionstatechange", self._changed.set)

    def send(self, track: MediaStreamTrack) -> None:
        sender: Any = self.pc.addTransceiver(track, direction="sendonly").sender
        sender._handle_rtcp_packet = self._overhearing(sender._handle_rtcp_packet)

    def expect(self, kind: str) -> None:
        receiver: Any = self.pc.addTransceiver(kind, direction="recvonly").receiver
        receiver._send_rtcp = self._overhearing(receiver._send_rtcp)

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

    def _overhearing(self, handle: Handle) -> Handle:
        """aiortc tells nobody of an estimate: look into what it says and hears."""

        async def overhear(packet: AnyRtcpPacket) -> None:
            if isinstance(packet, RtcpPsfbPacket) and packet.fmt == RTCP_PSFB_APP:
                with suppress(ValueError):
                    self.estimate, _ = unpack_remb_fci(packet.fci)
            await handle(packet)

        return overhear

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
