"""A voice without a browser: real STUN, DTLS and SRTP to the server's UDP port, real Opus.

It decodes nothing: what comes in is counted by SSRC.
"""

from __future__ import annotations

import asyncio
import functools
import re
import socket
import struct
from collections import Counter
from fractions import Fraction
from typing import Any

import av
import numpy as np
from aioice import stun
from aiortc.rtcdtlstransport import (
    RTCCertificate,
    RTCDtlsFingerprint,
    RTCDtlsParameters,
    RTCDtlsTransport,
)

from tests.clients.guest import Guest
from tests.clients.waiting import PATIENCE, eventually

OPUS, SSRC, SLOTS = 111, 0x0A0A, 6
FRAME, RATE = 960, 48_000  # 20 ms
LEVEL, MID = 1, 4  # ids of header extensions
LOUD, SILENT = 20, 127  # −dBov, RFC 6464
UFRAG, PWD = "talker", "thePasswordOfTheTalkers"
SECTION = """m=audio 9 UDP/TLS/RTP/SAVPF {opus}
c=IN IP4 0.0.0.0
a=ice-ufrag:{ufrag}
a=ice-pwd:{pwd}
a=fingerprint:sha-256 {fingerprint}
a=setup:actpass
a=mid:{mid}
a={direction}
a=rtcp-mux
a=rtpmap:{opus} opus/48000/2
a=extmap:{level} urn:ietf:params:rtp-hdrext:ssrc-audio-level
a=extmap:{mid_id} urn:ietf:params:rtp-hdrext:sdes:mid
"""


@functools.cache
def one_second_of_voice() -> tuple[bytes, ...]:
    """A tone as 50 Opus packets; one encoder for all who speak."""
    encoder: Any = av.CodecContext.create("libopus", "w")
    encoder.sample_rate, encoder.layout, encoder.format = RATE, "mono", "s16"
    encoder.time_base, encoder.bit_rate = Fraction(1, RATE), 32_000
    packets = []
    for start in range(0, RATE + FRAME, FRAME):
        wave = np.sin(2 * np.pi * 330 * (np.arange(FRAME) + start) / RATE) * 9000
        frame = av.AudioFrame.from_ndarray(wave.astype(np.int16)[None, :], "s16", "mono")
        frame.rate, frame.pts = RATE, start
        packets += [bytes(packet) for packet in encoder.encode(frame)]
    return tuple(packets[:50])


class Talker:
    """The voice of one guest. `level` is how loud they are; silent ones send packets, too."""

    role = "controlling"  # what the DTLS transport asks of its link

    def __init__(self, guest: Guest, *, level: int = LOUD) -> None:
        self.guest = guest
        self.level = level
        self.heard: Counter[int] = Counter()
        self._dtls_in: asyncio.Queue[bytes] = asyncio.Queue()
        self._bound = asyncio.Event()
        self._sequence = 0
        self._speaking: asyncio.Task[None] | None = None
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setblocking(False)
        self.socket.bind(("127.0.0.1", 0))
        asyncio.get_running_loop().add_reader(self.socket, self._receive)
        self._certificate = RTCCertificate.generateCertificate()
        self._dtls: Any = RTCDtlsTransport(self, [self._certificate])  # type: ignore[arg-type]  # a duck
        self.address = ("127.0.0.1", 0)
        self.last_check = self.last_packet = b""

    @property
    def slots(self) -> list[str | None]:
        """Whose voice each slot carries now."""
        kinds = ("voice_slots", "voice_answer")
        newest = next(each for each in reversed(self.guest.heard) if each["type"] in kinds)
        return list(newest["slots"])

    async def join(self) -> None:
        """Negotiate over the guest's socket, connect, and begin to send."""
        sdp = (await self.guest.ask("voice_answer", type="voice_offer", sdp=self.offer()))["sdp"]
        self.address = (
            "127.0.0.1",
            int(_one(r"a=candidate:\S+ 1 udp \d+ 127\.0\.0\.1 (\d+)", sdp)),
        )
        ufrag, pwd = _one(r"a=ice-ufrag:(\S+)", sdp), _one(r"a=ice-pwd:(\S+)", sdp)
        fingerprint = _one(r"a=fingerprint:sha-256 (\S+)", sdp)
        self._dtls._set_role("client")
        self.last_check = self.check(ufrag, pwd)
        self.socket.sendto(self.last_check, self.address)
        await asyncio.wait_for(self._bound.wait(), PATIENCE)
        remote = RTCDtlsParameters(fingerprints=[RTCDtlsFingerprint("sha-256", fingerprint)])
        await asyncio.wait_for(self._dtls.start(remote), PATIENCE)
        assert self._dtls.state == "connected"
        self._speaking = asyncio.create_task(self._speak())

    @staticmethod
    def check(ufrag: str, pwd: str) -> bytes:
        """A binding request that nominates."""
        message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
        message.attributes["USERNAME"] = f"{ufrag}:{UFRAG}"
        message.attributes["PRIORITY"] = 1
        message.attributes["ICE-CONTROLLING"] = 1
        message.attributes["USE-CANDIDATE"] = None
        message.add_message_integrity(pwd.encode())
        return bytes(message)

    async def hears(self, voices: int) -> None:
        """Packets of this many streams keep coming."""
        before = self.heard.copy()

        async def more() -> bool:
            return len(self.heard - before) >= voices

        await eventually(more, f"{self.guest.name} hears {voices} voices")

    async def close(self) -> None:
        """Idempotent."""
        if self.socket.fileno() < 0:
            return
        if self._speaking is not None:
            self._speaking.cancel()
            await asyncio.gather(self._speaking, return_exceptions=True)
        await self._dtls.stop()
        asyncio.get_running_loop().remove_reader(self.socket)
        self.socket.close()

    def offer(self) -> str:
        own = self._certificate.getFingerprints()
        fingerprint = next(each.value for each in own if each.algorithm == "sha-256")
        sections = [
            SECTION.format(
                opus=OPUS,
                ufrag=UFRAG,
                pwd=PWD,
                fingerprint=fingerprint,
                mid=mid,
                direction="recvonly" if mid else "sendonly",
                level=LEVEL,
                mid_id=MID,
            )
            for mid in range(SLOTS + 1)
        ]
        mids = " ".join(str(mid) for mid in range(SLOTS + 1))
        return f"v=0\na=group:BUNDLE {mids}\n" + "".join(sections)

    async def _speak(self) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            payload = one_second_of_voice()[self._sequence % 50]
            self.last_packet = self._dtls._tx_srtp.protect(self._packet(payload))
            self.socket.sendto(self.last_packet, self.address)
            self._sequence += 1
            due += FRAME / RATE
            await asyncio.sleep(due - loop.time())

    def _packet(self, payload: bytes) -> bytes:
        number = self._sequence
        header = struct.pack(
            "!BBHII", 0x90, OPUS, number & 0xFFFF, number * FRAME & 0xFFFFFFFF, SSRC
        )
        elements = bytes([LEVEL << 4, self.level, MID << 4, ord("0")])
        return header + struct.pack("!HH", 0xBEDE, 1) + elements + payload

    def _receive(self) -> None:
        data = self.socket.recv(2048)
        if data[0] < 4:
            self._bound.set()
        elif data[0] < 64:
            self._dtls_in.put_nowait(data)
        elif not 192 <= data[1] < 224:
            self.heard[int.from_bytes(data[8:12], "big")] += 1

    async def _recv(self) -> bytes:
        return await self._dtls_in.get()

    async def _send(self, data: bytes) -> None:
        self.socket.sendto(data, self.address)


def _one(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    assert found, f"no {pattern} in {text}"
    return found[1]
