"""A peer of an SFU without codecs: real STUN, DTLS and SRTP by UDP, and packets as a test wants."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable
from typing import Any

import pylibsrtp
from aioice import stun
from aiortc.rtcdtlstransport import (
    RTCCertificate,
    RTCDtlsFingerprint,
    RTCDtlsParameters,
    RTCDtlsTransport,
)
from aiortc.sdp import SessionDescription

from media.packets import rtcp
from media.sfu import Sfu

PATIENCE = 10.0
"""Seconds; only a failing test waits that long."""
OPUS, VP8 = 111, 96
LEVEL, MID = 1, 4
VOICE, CAMERA = 0x5EEC, 0xCA3E
SECTION = """m={kind} 9 UDP/TLS/RTP/SAVPF {codec}
c=IN IP4 0.0.0.0
a=ice-ufrag:{ufrag}
a=ice-pwd:{pwd}
a=fingerprint:sha-256 {fingerprint}
a=setup:{setup}
a=mid:{mid}
a={direction}
a=rtcp-mux
a=rtpmap:{codec} {name}
a=rtcp-fb:{codec} nack
a=rtcp-fb:{codec} nack pli
a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid
"""


class Client:
    """A peer without codecs: offers, checks, shakes hands, and sends what the test makes.

    `certificate`: one that several share, where there are many.
    """

    role = "controlling"

    def __init__(
        self,
        sfu: Sfu,
        read_rtp: Callable[[bytes], Any],
        build: Any,
        certificate: RTCCertificate | None = None,
    ) -> None:
        self.sfu = sfu
        self.rtp: list[Any] = []
        self.rtcp: list[Any] = []
        self.srtp: list[bytes] = []
        self.ssrcs: dict[str, int] = {}
        self._read_rtp = read_rtp
        self._build = build
        self._dtls_in: asyncio.Queue[bytes] = asyncio.Queue()
        self._bound = asyncio.Event()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.bind(("127.0.0.1", 0))
        asyncio.get_running_loop().add_reader(self._socket, self._receive)
        self._certificate = certificate or RTCCertificate.generateCertificate()
        self._dtls = RTCDtlsTransport(self, [self._certificate])  # type: ignore[arg-type]  # a duck

    def offer(self, role: str, setup: str, slots: int) -> str:
        kinds = {
            "talk": [("audio", "sendonly")] + [("audio", "recvonly")] * slots,
            "publish": [("audio", "sendonly"), ("video", "sendonly")],
            "guest": [("audio", "sendonly"), ("video", "sendonly")],
            "watch": [("audio", "recvonly"), ("video", "recvonly")],
            "watch with places": [("audio", "recvonly"), ("video", "recvonly")] * 4,
        }[role]
        (fingerprint,) = (
            each.value
            for each in self._certificate.getFingerprints()
            if each.algorithm == "sha-256"
        )
        text = f"v=0\na=group:BUNDLE {' '.join(map(str, range(len(kinds))))}\n"
        for mid, (kind, direction) in enumerate(kinds):
            text += SECTION.format(
                kind=kind,
                mid=mid,
                direction=direction,
                codec=OPUS if kind == "audio" else VP8,
                name="opus/48000/2" if kind == "audio" else "VP8/90000",
                ufrag="client",
                pwd="p" * 22,
                fingerprint=fingerprint,
                setup=setup,
            )
        return text

    async def join(
        self,
        room: str,
        key: str,
        role: Any,
        *,
        setup: str = "actpass",
        slots: int = 6,
        places: bool = False,
        owner: str | None = None,
    ) -> None:
        """Negotiate, and connect as a browser does."""
        offer = self.offer("watch with places" if places else role, setup, slots)
        text = self.sfu.answer(room, key, role, offer, owner).sdp
        answer = SessionDescription.parse(text)
        media = answer.media[0]
        self._dtls._set_role("server" if setup == "passive" else "client")
        await self._check(media)
        await asyncio.wait_for(self._bound.wait(), PATIENCE)
        parameters = RTCDtlsParameters(
            fingerprints=[RTCDtlsFingerprint("sha-256", media.dtls.fingerprints[0].value)]
        )
        await asyncio.wait_for(self._dtls.start(parameters), PATIENCE)
        assert self._dtls.state == "connected"
        for section in answer.media:
            for each in section.ssrc:
                self.ssrcs[section.rtp.muxId] = each.ssrc

    async def _check(self, media: Any) -> None:
        message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
        message.attributes["USERNAME"] = f"{media.ice.usernameFragment}:client"
        message.attributes["PRIORITY"] = 1
        message.attributes["ICE-CONTROLLING"] = 1
        message.attributes["USE-CANDIDATE"] = None
        message.add_message_integrity(media.ice.password.encode())
        self._send_datagram(bytes(message))

    def send(self, payload: bytes, **header: Any) -> None:
        self._send_datagram(self._dtls._tx_srtp.protect(bytes(self._build(payload, **header))))

    def speak(self, sequence: int, body: bytes = b"opus", level: int = 20) -> None:
        """One packet of a microphone."""
        self.send(
            body,
            ssrc=VOICE,
            payload_type=OPUS,
            sequence=sequence,
            timestamp=sequence * 960,
            extensions={MID: b"0", LEVEL: bytes([level])},
        )

    def show(self, sequence: int, payload: bytes) -> None:
        """One packet of a camera."""
        self.send(
            payload,
            ssrc=CAMERA,
            payload_type=VP8,
            sequence=sequence,
            timestamp=sequence * 3000,
            marker=True,
            extensions={MID: b"1"},
        )

    def say(self, *packets: bytes) -> None:
        self._send_datagram(self._dtls._tx_srtp.protect_rtcp(rtcp.compound(*packets)))

    def heard(self, kind: type) -> list[Any]:
        return [message for message in self.rtcp if type(message) is kind]

    def payloads(self, mid: str) -> list[bytes]:
        return [packet.payload for packet in self.rtp if packet.ssrc == self.ssrcs[mid]]

    async def close(self) -> None:
        """Say goodbye. Idempotent."""
        if self._socket.fileno() < 0:
            return
        await self._dtls.stop()
        asyncio.get_running_loop().remove_reader(self._socket)
        self._socket.close()

    def _send_datagram(self, data: bytes) -> None:
        self._socket.sendto(data, ("127.0.0.1", self.sfu.port))

    def _receive(self) -> None:
        data = self._socket.recv(2048)
        if data[0] < 4:
            self._bound.set()
        elif data[0] < 64:
            self._dtls_in.put_nowait(data)
        elif self._dtls.state != "connected":
            pass  # media may overtake the end of the handshake
        elif 192 <= data[1] < 224:
            self.rtcp += rtcp.parse(self._dtls._rx_srtp.unprotect_rtcp(data))
        else:
            self.srtp.append(data)
            # A packet that comes again is dropped by libsrtp as a replay.
            with contextlib.suppress(pylibsrtp.Error):
                self.rtp.append(self._read_rtp(self._dtls._rx_srtp.unprotect(data)))

    async def _recv(self) -> bytes:
        return await self._dtls_in.get()

    async def _send(self, data: bytes) -> None:
        self._send_datagram(data)
