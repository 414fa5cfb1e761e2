"""A link's DTLS: what comes is kept until aiortc is there to shake hands.

aiortc is imported in a thread when the first link is made, so that it is there, or nearly, when the
first datagram is: the peer has yet to get our answer and to check its ways to us.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Literal

from media.transport.fingerprint import Fingerprint
from media.transport.once import Once
from media.transport.srtp import SrtpContext

if TYPE_CHECKING:
    from media.transport.certificate import Certificate
    from media.transport.handshake import Handshake

DtlsRole = Literal["server", "client"]
"""server answers `a=setup:passive` to an actpass or active offer; client `active` to a passive."""

QUEUE_LENGTH = 32
"""Datagrams; a whole handshake is about 6. Full: the newest is dropped, DTLS retransmits."""


def _load() -> type[Handshake]:
    from media.transport.handshake import Handshake  # noqa: PLC0415 - not before a peer comes

    return Handshake


class Aiortc(Once["type[Handshake]"]):
    """The import of it."""

    def __init__(self, load: Callable[[], type[Handshake]] = _load) -> None:
        super().__init__(load)


class _Wire:
    """The link as aiortc sees it (`handshake.Wire`)."""

    role = "controlled"

    def __init__(self, send: Callable[[bytes], object], glance: Callable[[], None]) -> None:
        self.inbound: asyncio.Queue[bytes] = asyncio.Queue(QUEUE_LENGTH)
        self._deliver = send
        self._glance = glance

    async def _recv(self) -> bytes:
        waited = self.inbound.empty()
        data = await self.inbound.get()
        if waited:
            # What aiortc does with it takes a millisecond or two, and others have come as well.
            # Only now and then: a glance may bring more for this queue, without an end.
            self._glance()
        return data

    async def _send(self, data: bytes) -> None:
        self._deliver(data)


class DtlsSession:
    """One handshake and what follows it. Needs a running loop."""

    def __init__(
        self,
        aiortc: Aiortc,
        certificate: Certificate,
        role: DtlsRole,
        fingerprints: Sequence[Fingerprint],
        send: Callable[[bytes], object],
        glance: Callable[[], None] = lambda: None,
    ) -> None:
        """`glance` is called before what takes long."""
        self._aiortc = aiortc
        self._certificate = certificate
        self._role = role
        self._fingerprints = fingerprints
        self._wire = _Wire(send, glance)
        self._ended = asyncio.Event()
        self._handshake: Handshake | None = None

    def feed(self, data: bytes) -> bool:
        """A datagram whose first byte is 20..63. False when the queue is full."""
        try:
            self._wire.inbound.put_nowait(data)
        except asyncio.QueueFull:
            return False
        return True

    async def handshake(self) -> SrtpContext | None:
        """The keys, or None when the handshake failed or the fingerprint is not the peer's. Raises
        ImportError when aiortc cannot be imported."""
        begin = await self._aiortc.ready()
        self._handshake = begin(self._wire, self._certificate, self._role, self._ended.set)
        return await self._handshake.shake(self._fingerprints)

    async def ended(self) -> None:
        """Wait until the peer says close_notify."""
        await self._ended.wait()

    async def stop(self) -> None:
        """Say close_notify, if there is anybody to say it to. Does not wait for the network."""
        if self._handshake is not None:
            await self._handshake.stop()
