"""The UDP sockets of one port number: one for everything, and one per address of the machine.

An answer must leave by the address that the question came to, or a browser takes it for a
stranger's. With one socket for everything the kernel chooses, wrongly where there are several
addresses (usual with IPv6); asking it per packet (IP_PKTINFO) costs a `recvmsg` and a `sendmsg`
each. A socket per address costs nothing per packet: the kernel prefers it to the general one, which
stays for addresses that come later.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from media.transport.counters import Counters
from media.transport.inbox import best_inbox
from media.transport.udp import Handler, UdpSocket

logger = logging.getLogger(__name__)

EVERYWHERE: dict[str, tuple[str, ...]] = {
    "": ("0.0.0.0", "::"),
    "::": ("0.0.0.0", "::"),
    "0.0.0.0": ("0.0.0.0",),
}
"""Hosts that mean all addresses: `::` all of both families, as for a TCP socket."""
GLANCE_EVERY = 0.001
"""Seconds between two glances, at least: of many who glance each could hand on a full wake-up, and
timers would wait for all of them."""
MAX_SOCKETS = 32
"""Addresses with a socket of their own; a machine full of containers has more."""


class UdpSockets:
    """`open` once, then `sit_on` whenever the machine's addresses may have changed."""

    def __init__(
        self,
        handler: Handler,
        counters: Counters,
        clock: Callable[[], float],
        drained: Callable[[], None] = lambda: None,
    ) -> None:
        self._parts = (handler, counters, clock, best_inbox(), drained)
        self._general: list[UdpSocket] = []
        self._own: dict[str, UdpSocket] = {}
        self._clock = clock
        self._glanced_at = float("-inf")

    @property
    def main(self) -> UdpSocket:
        """The first that was opened."""
        return self._general[0]

    def open(self, host: str, port: int) -> None:
        """Raises OSError; a machine without IPv6 does without."""
        for each in EVERYWHERE.get(host, (host,)):
            made = UdpSocket(*self._parts)
            try:
                made.open(each, self.main.port if self._general else port)
            except OSError:
                if not self._general:
                    raise
                logger.info("= media without IPv6")
                continue
            self._general.append(made)

    def sit_on(self, addresses: Sequence[str]) -> None:
        """A socket for each of these and for no other; what cannot be bound has the general one."""
        wanted = [each for each in addresses if ":" not in each or len(self._general) > 1]
        wanted = wanted[:MAX_SOCKETS]
        for gone in self._own.keys() - set(wanted):
            self._own.pop(gone).close()
        missing = [each for each in wanted if each not in self._own]
        if not missing:
            return
        # Only for this moment: otherwise any program of the machine could take our packets.
        self._share(True)
        for address in missing:
            made = UdpSocket(*self._parts)
            try:
                made.open(address, self.main.port, shared=True)
            except OSError as error:
                logger.debug("= no socket of its own for %s: %s", address, error)
            else:
                self._own[address] = made
        self._share(False)

    def flush(self) -> None:
        """Send what batches collected."""
        for each in (*self._general, *self._own.values()):
            each.flush()

    def glance(self) -> None:
        """Hand on what came meanwhile; nothing in the midst of a datagram, which lies in the inbox
        that all share."""
        sockets = (*self._general, *self._own.values())
        now = self._clock()
        if now - self._glanced_at < GLANCE_EVERY or any(each.draining for each in sockets):
            return
        for each in sockets:
            each.glance()
        self._glanced_at = self._clock()

    def close(self) -> None:
        for each in (*self._general, *self._own.values()):
            each.close()
        self._general.clear()
        self._own.clear()

    def _share(self, shared: bool) -> None:
        for each in (*self._general, *self._own.values()):
            each.share(shared)
