"""DTLS by aiortc: its RTCDtlsTransport on a duck-typed link that carries DTLS datagrams only.

The private names used here (`_recv`, `_send`, `_set_role`, `_srtp_profiles`, `_rx_srtp`,
`_tx_srtp`, `_ssl`) are pinned with the version of aiortc; a seam test notices when they move.
A handshake costs about 2 ms of CPU on our side.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, Literal

from aiortc.rtcdtlstransport import (
    SRTP_AEAD_AES_128_GCM,
    SRTP_AEAD_AES_256_GCM,
    SRTP_AES128_CM_SHA1_80,
    RTCDtlsFingerprint,
    RTCDtlsParameters,
    RTCDtlsTransport,
)

from media.transport.certificate import Certificate, Fingerprint
from media.transport.srtp import SrtpContext

DtlsRole = Literal["server", "client"]
"""server answers `a=setup:passive` to an actpass or active offer; client `active` to a passive."""

QUEUE_LENGTH = 32
"""Datagrams; a whole handshake is about 6. Full: the newest is dropped, DTLS retransmits."""

# The fastest first: 353 ns per 1200 bytes, CM-SHA1 takes 1140. The server's order decides, so a
# client that wants the small key must not offer the big one.
_PROFILES: dict[DtlsRole, list[Any]] = {
    "server": [SRTP_AEAD_AES_128_GCM, SRTP_AEAD_AES_256_GCM, SRTP_AES128_CM_SHA1_80],
    "client": [SRTP_AEAD_AES_128_GCM, SRTP_AES128_CM_SHA1_80],
}


class _Wire:
    """What aiortc believes to be an ICE transport."""

    role = "controlled"

    def __init__(self, send: Callable[[bytes], object], glance: Callable[[], None]) -> None:
        self.inbound: asyncio.Queue[bytes] = asyncio.Queue(QUEUE_LENGTH)
        self._deliver = send
        self._glance = glance

    async def _recv(self) -> bytes:
        data = await self.inbound.get()
        # What aiortc does with it takes a millisecond or two, and others have come as well.
        self._glance()
        return data

    async def _send(self, data: bytes) -> None:
        self._deliver(data)


class DtlsSession:
    """One handshake and what follows it. Needs a running loop."""

    def __init__(
        self,
        certificate: Certificate,
        role: DtlsRole,
        fingerprints: Sequence[Fingerprint],
        send: Callable[[bytes], object],
        glance: Callable[[], None] = lambda: None,
    ) -> None:
        self._wire = _Wire(send, glance)
        wire: Any = self._wire
        self._fingerprints = fingerprints
        self._ended = asyncio.Event()
        self._transport: Any = RTCDtlsTransport(wire, [certificate.handle])
        self._transport._set_role(role)
        self._transport._srtp_profiles = _PROFILES[role]
        self._transport.on("statechange", self._note_state)

    def feed(self, data: bytes) -> bool:
        """A datagram whose first byte is 20..63. False when the queue is full."""
        try:
            self._wire.inbound.put_nowait(data)
        except asyncio.QueueFull:
            return False
        return True

    async def handshake(self) -> SrtpContext | None:
        """The keys, or None when the handshake failed or the fingerprint is not the peer's."""
        remote = [RTCDtlsFingerprint(each.algorithm, each.value) for each in self._fingerprints]
        await self._transport.start(RTCDtlsParameters(fingerprints=remote))
        if self._transport.state != "connected":
            return None
        profile = self._transport._ssl.get_selected_srtp_profile().decode()
        return SrtpContext(self._transport._tx_srtp, self._transport._rx_srtp, profile)

    async def ended(self) -> None:
        """Wait until the peer says close_notify."""
        await self._ended.wait()

    async def stop(self) -> None:
        """Say close_notify, if there is anybody to say it to. Does not wait for the network."""
        await self._transport.stop()

    def _note_state(self) -> None:
        if self._transport.state in ("closed", "failed"):
            self._ended.set()
