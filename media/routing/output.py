"""Where packets of outgoing streams go: one at a time, or by the batch."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Protocol


class Egress(Protocol):
    """Takes packets by the batch, encrypts them where they lie and sends them soon.

    `buffer` is cut into slots of `stride` bytes (a multiple of 8), of which there are `slots`; a
    packet in one may have `longest` bytes. It keeps its size.
    """

    buffer: bytearray
    stride: int
    slots: int
    longest: int

    def table(self, routes: Sequence[Route]) -> object:
        """What `send` wants to know of receivers of one group, made once."""

    def claim(self, slots: int) -> int:
        """So many slots in a row, to be filled and sent at once; where the first begins."""

    def send(self, table: object, sizes: Sequence[int]) -> None:
        """Packets of these sizes lie in the claimed slots: all of the table's first receiver, then
        all of the next."""

    def refuse(self, packets: int) -> None:
        """So many were too long for a slot, and are dropped."""


class Route(Protocol):
    """How one receiver is reached by the batch: its keys and its address. Those of one `group` can
    share one."""

    @property
    def egress(self) -> Egress: ...

    @property
    def group(self) -> Hashable: ...


class Output(Protocol):
    """One receiver's link: encrypts in place and sends; False when the packet was dropped."""

    def send_rtp(self, buffer: bytearray, length: int) -> bool: ...

    def send_rtcp(self, data: bytes) -> bool: ...

    def route(self) -> Route | None:
        """The way that batches take, until `Subscription.rerouted`; None where they cannot."""
