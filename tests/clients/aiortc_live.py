"""A stock aiortc as WHIP publisher and WHEP viewer: another's ICE, DTLS, SRTP, codecs and SDP.

It encodes and decodes in this process, so its pictures are small; it knows no simulcast.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import numpy as np
from aiortc import RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack, MediaStreamError, VideoStreamTrack
from av import AudioFrame, VideoFrame

from tests.clients.guest import Guest

SDP = "application/sdp"
WIDTH, HEIGHT = 320, 180


class Bar(VideoStreamTrack):
    """A white bar that walks, 30 times a second."""

    async def recv(self) -> VideoFrame:
        pts, time_base = await self.next_timestamp()
        image = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
        at = pts // 3000 * 4 % (WIDTH - 20)
        image[40:140, at : at + 20] = 255
        frame = VideoFrame.from_ndarray(image, "rgb24")
        frame.pts, frame.time_base = pts, time_base
        return frame


class Tone(AudioStreamTrack):
    """330 Hz; the clock is that of aiortc's own silence."""

    async def recv(self) -> AudioFrame:
        silence: Any = await super().recv()
        at = np.arange(silence.samples) + silence.pts
        wave = np.sin(2 * np.pi * 330 * at / silence.sample_rate) * 9000
        frame = AudioFrame.from_ndarray(wave.astype(np.int16)[None, :], "s16", "mono")
        frame.pts, frame.sample_rate = silence.pts, silence.sample_rate
        frame.time_base = silence.time_base
        return frame


@dataclass
class Seen:
    """What a viewer has decoded so far."""

    frames: int = 0
    width: int = 0
    height: int = 0
    sounds: int = 0
    loudest: int = 0


class Session:
    """One WHIP or WHEP session of a guest, from POST to DELETE."""

    def __init__(self, guest: Guest, ticket: dict[str, str]) -> None:
        self.guest = guest
        self.url = guest.url + ticket["url"]
        self.bearer = {"Authorization": f"Bearer {ticket['token']}"}
        self.pc = RTCPeerConnection()
        self.resource = ""

    async def connect(self) -> None:
        """Offer, take the answer, and wait until media may flow."""
        await self.pc.setLocalDescription(await self.pc.createOffer())
        headers = {**self.bearer, "Content-Type": SDP}
        offer = self.pc.localDescription.sdp
        async with self.guest.http.post(self.url, data=offer, headers=headers) as answer:
            assert (answer.status, answer.content_type) == (201, SDP), await answer.text()
            self.resource = self.guest.url + answer.headers["Location"]
            sdp = await answer.text()
        await self.pc.setRemoteDescription(RTCSessionDescription(sdp, "answer"))

    async def close(self) -> int:
        """The status of DELETE. aiortc ends the session by DTLS, too, so it is asked afterwards."""
        async with self.guest.http.delete(self.resource, headers=self.bearer) as answer:
            status = answer.status
        await self.pc.close()
        return status


class Publisher(Session):
    """Sends the bar and the tone."""

    async def connect(self) -> None:
        self.pc.addTransceiver(Tone(), direction="sendonly")
        self.pc.addTransceiver(Bar(), direction="sendonly")
        await super().connect()


class Viewer(Session):
    """Decodes all that comes."""

    def __init__(self, guest: Guest, ticket: dict[str, str]) -> None:
        super().__init__(guest, ticket)
        self.seen = Seen()
        self._readers: list[asyncio.Task[None]] = []
        self.pc.on(
            "track", lambda track: self._readers.append(asyncio.create_task(self._read(track)))
        )

    async def connect(self) -> None:
        for kind in ("audio", "video"):
            self.pc.addTransceiver(kind, direction="recvonly")
        await super().connect()

    async def close(self) -> int:
        status = await super().close()
        await asyncio.gather(*self._readers)
        return status

    async def _read(self, track: Any) -> None:
        while True:
            try:
                frame = await track.recv()
            except MediaStreamError:  # the end
                return
            if isinstance(frame, VideoFrame):
                self.seen.frames += 1
                self.seen.width, self.seen.height = frame.width, frame.height
            else:
                self.seen.sounds += 1
                self.seen.loudest = max(self.seen.loudest, int(np.abs(frame.to_ndarray()).max()))
