"""What every part of the transport means by a datagram, where it comes from and how it leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from media.transport.egress import Egress

Address = tuple[Any, ...]
"""(host, port) and what the socket adds: flow and scope by IPv6, a mark by TCP. Nobody but the
sockets looks beyond the first two."""

MAX_DATAGRAM = 1500


class Sender(Protocol):
    """How a finished datagram leaves by one address of ours."""

    @property
    def egress(self) -> Egress | None:
        """Takes batches, where that can be."""

    def send(self, data: bytes | memoryview, address: Address) -> bool:
        """False when the datagram was dropped, which was counted. Never raises OSError. The caller
        may reuse the memory afterwards."""
