"""One peer of a bench: a socket of its own, ICE as a controlling agent, DTLS as the client, and
then its SRTP keys. Connecting runs on the event loop; afterwards whoever measures has the socket.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import socket
from typing import Any, Literal

from aioice import stun
from aiortc.rtcdtlstransport import (
    SRTP_AEAD_AES_128_GCM,
    SRTP_AES128_CM_SHA1_80,
    RTCDtlsFingerprint,
    RTCDtlsParameters,
    RTCDtlsTransport,
)

from benches.rtc.sdp import Local, Remote
from media.transport.certificate import Certificate
from media.transport.handshake import handle_of
from media.transport.srtp import PinnedBuffer, SrtpContext

Profile = Literal["gcm", "sha1"]
PROFILES: dict[Profile, Any] = {"gcm": SRTP_AEAD_AES_128_GCM, "sha1": SRTP_AES128_CM_SHA1_80}
PATIENCE = 20.0  # seconds
CHECK_EVERY = 0.1
SOCKET_BUFFER = 4 << 20
FREE = 40_000_000.0
"""bit/s: what a link carries that is never in the way."""


class Peer:
    """`certificate` may be everybody's, `link` what it says that its link carries, in bit/s. The
    protocol of `role`, `_recv`, `_send` is aiortc's."""

    role = "controlling"

    def __init__(self, host: str, certificate: Certificate, profile: Profile) -> None:
        self.link = FREE
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setblocking(False)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SOCKET_BUFFER)
        self.socket.bind((host, 0))
        self.local = Local(
            ufrag=secrets.token_hex(4),
            pwd=secrets.token_hex(16),
            fingerprint=certificate.fingerprint,
            host=host,
            port=self.socket.getsockname()[1],
        )
        self.srtp: SrtpContext
        self._scratch = PinnedBuffer(bytearray(2048))
        self._bound = asyncio.Event()
        self._handshake: asyncio.Queue[bytes] = asyncio.Queue()
        wire: Any = self
        self._dtls: Any = RTCDtlsTransport(wire, [handle_of(certificate)])
        self._dtls._set_role("client")
        self._dtls._srtp_profiles = [PROFILES[profile]]

    async def connect(self, remote: Remote) -> None:
        """Raises RuntimeError or TimeoutError."""
        self.socket.connect((remote.host, remote.port))
        loop = asyncio.get_running_loop()
        loop.add_reader(self.socket, self._receive)
        try:
            async with asyncio.timeout(PATIENCE):
                while not self._bound.is_set():
                    self.socket.send(self._check(remote))
                    await asyncio.wait([self._waiting()], timeout=CHECK_EVERY)
                theirs = RTCDtlsFingerprint("sha-256", remote.fingerprint)
                await self._dtls.start(RTCDtlsParameters(fingerprints=[theirs]))
        finally:
            loop.remove_reader(self.socket)
        if self._dtls.state != "connected":
            raise RuntimeError(f"DTLS is {self._dtls.state}")
        profile = self._dtls._ssl.get_selected_srtp_profile().decode()
        self.srtp = SrtpContext(self._dtls._tx_srtp, self._dtls._rx_srtp, profile)

    def send_rtcp(self, data: bytes) -> None:
        """Protect a copy and send it."""
        scratch = self._scratch
        scratch.view[: len(data)] = data
        self.socket.send(scratch.view[: self.srtp.protect_rtcp(scratch, len(data))])

    def open_rtp(self, data: bytes) -> bytes | None:
        """What an SRTP packet says, when it is authentic."""
        self._scratch.view[: len(data)] = data
        length = self.srtp.unprotect_rtp(self._scratch, len(data))
        return None if length < 0 else bytes(self._scratch.view[:length])

    def open_rtcp(self, data: bytes) -> bytes:
        """What an SRTCP compound says; nothing when it is not authentic."""
        self._scratch.view[: len(data)] = data
        length = self.srtp.unprotect_rtcp(self._scratch, len(data))
        return bytes(self._scratch.view[: max(length, 0)])

    def hear(self, data: bytes) -> None:
        """STUN or DTLS."""
        if data[0] >= 20:
            self._handshake.put_nowait(data)
            return
        message = stun.parse_message(data)
        if message.message_class is not stun.Class.REQUEST:
            self._bound.set()
            return
        answer = stun.Message(stun.Method.BINDING, stun.Class.RESPONSE, message.transaction_id)
        answer.attributes["XOR-MAPPED-ADDRESS"] = self.socket.getpeername()
        answer.add_message_integrity(self.local.pwd.encode())
        answer.add_fingerprint()
        self.socket.send(bytes(answer))

    async def close(self) -> None:
        with contextlib.suppress(OSError):  # of a server that is gone already
            await self._dtls.stop()
        self.socket.close()

    def _waiting(self) -> asyncio.Task[Literal[True]]:
        return asyncio.ensure_future(self._bound.wait())

    def _check(self, remote: Remote) -> bytes:
        """A binding request that nominates."""
        message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
        message.attributes["USERNAME"] = f"{remote.ufrag}:{self.local.ufrag}"
        message.attributes["PRIORITY"] = 1845501695
        message.attributes["ICE-CONTROLLING"] = 1
        message.attributes["USE-CANDIDATE"] = None
        message.add_message_integrity(remote.pwd.encode())
        message.add_fingerprint()
        return bytes(message)

    def _receive(self) -> None:
        data = self.socket.recv(2048)
        if data and data[0] < 64:
            self.hear(data)

    async def _recv(self) -> bytes:
        return await self._handshake.get()

    async def _send(self, data: bytes) -> None:
        self.socket.send(data)
