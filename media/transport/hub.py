"""All transports of a process: one port, one certificate, many links.

The composition of this package. `tick` is the only thing that time does here.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from media.transport.addresses import machine_addresses
from media.transport.bell import Bell
from media.transport.counters import Counters
from media.transport.datagrams import Address
from media.transport.demux import Demux
from media.transport.dtls import Aiortc, DtlsRole
from media.transport.fingerprint import Fingerprint
from media.transport.ice import IceCredentials
from media.transport.link import Link
from media.transport.link_sink import LinkSink
from media.transport.once import Once
from media.transport.sockets import EVERYWHERE, UdpSockets
from media.transport.srtp import Pins
from media.transport.tcp import TcpPaths

if TYPE_CHECKING:
    from media.transport.certificate import Certificate

logger = logging.getLogger(__name__)


def _certificate(now: float) -> Certificate:
    from media.transport.certificate import Certificate  # noqa: PLC0415 - not before a peer comes

    return Certificate(now)


class Transport:
    """`clock` gives seconds and never goes back; `announced` are the addresses to put into
    candidates (a public one behind NAT), by default the machine's own. `drained` is called when all
    that arrived together was handed on; what it makes links send leaves in one go. `bell` is the
    password of the bell, if there shall be one."""

    def __init__(
        self,
        clock: Callable[[], float],
        announced: Sequence[str] = (),
        drained: Callable[[], None] = lambda: None,
        *,
        bell: str | None = None,
    ) -> None:
        self.clock = clock
        self.counters = Counters()
        self.pins = Pins()
        self.aiortc = Aiortc()
        self._announced = tuple(announced)
        self._drained = drained
        self._demux = Demux(self.counters, None if bell is None else Bell(bell, self.counters))
        receive, flush = self._demux.receive, self._flush
        self._udp = UdpSockets(receive, self.counters, clock, flush)
        self.tcp = TcpPaths(receive, self._demux.lose, flush, self.counters, clock)
        self._tcp_port: int | None = None
        self._certificate: Certificate | None = None
        self._first = Once(lambda: _certificate(clock()))
        self._links: set[Link] = set()
        self._leaving: set[asyncio.Task[None]] = set()
        self._host = ""

    @property
    def port(self) -> int:
        """The UDP port; after `start`."""
        return self._udp.main.port

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate that the next link gets."""
        return self._current().fingerprint

    @property
    def links(self) -> int:
        return len(self._links)

    def objects(self) -> dict[str, int]:
        """How many of each kind are alive; all zero when the last peer is gone."""
        return {
            "links": len(self._links),
            "ufrags": self._demux.ufrags,
            "addresses": self._demux.addresses,
            "leaving": len(self._leaving),
            "connections": len(self.tcp),
        }

    async def start(
        self, host: str, port: int, tcp_port: int | None = None, *, listen: bool = True
    ) -> None:
        """Bind the UDP port (0: any) and, where there is one, the TCP port.

        Without `listen` somebody else accepts TCP there and gives us connections by `tcp.accept`.
        Raises OSError when a port is taken.
        """
        self._udp.open(host, port)
        self._host = host
        self._udp.sit_on(self._own_addresses() if host in EVERYWHERE else ())
        if tcp_port is not None and listen:
            tcp_port = await self.tcp.listen(None if host in ("", "::") else host, tcp_port)
        self._tcp_port = tcp_port
        logger.info("= media on %s:%d/udp", host, self.port)

    async def prepare(self) -> None:
        """Import in a thread what the first link needs at once; without, it is done by `link` and
        takes the event loop a tenth of a second."""
        if self._certificate is None:
            made = await self._first.ready()
            self._certificate = self._certificate or made

    async def close(self) -> None:
        """Say close_notify to every peer, then close the socket. Idempotent."""
        for link in list(self._links):
            link.shut_down()
        if self._leaving:
            await asyncio.wait(self._leaving)
        self.tcp.close()
        self._udp.close()

    def candidates(self) -> list[tuple[str, int]]:
        """(address, port) pairs for the answer's host candidates, best first."""
        return [(address, self.port) for address in self._addresses()]

    def tcp_candidates(self) -> list[tuple[str, int]]:
        """The same for passive TCP; none without a TCP port."""
        port = self._tcp_port
        return [] if port is None else [(address, port) for address in self._addresses()]

    def link(
        self,
        link_id: str,
        remote_ice: IceCredentials,
        remote_fingerprints: Sequence[Fingerprint],
        role: DtlsRole,
        sink: LinkSink,
    ) -> Link:
        """A link with credentials of its own; it does nothing before `Link.start`."""
        certificate = self._current()
        self.aiortc.begin()  # after it: two threads that import cryptography wait for each other
        return Link(
            self,
            link_id,
            remote_ice,
            remote_fingerprints,
            role,
            sink,
            local_ice=self.new_credentials(),
            certificate=certificate,
        )

    def tick(self, now: float) -> None:
        """Expire links and renew the certificate; every 50 ms or so."""
        for link in list(self._links):
            link.expire(now)
        self.tcp.tick(now, self._demux.holds)
        if self._certificate is not None and self._certificate.is_stale(now):
            self._certificate = _certificate(now)
            logger.info("= certificate renewed")

    def glance(self) -> None:
        """Hand on what came meanwhile. Whoever does much at a time (a handshake, an answer) says so
        before, for voices must not wait until the loop comes round; but nobody who is handling a
        packet, as all share one inbox."""
        self._udp.glance()

    def register(self, link: Link) -> None:
        """For Link: it wants to hear STUN checks."""
        self._links.add(link)
        for ufrag in link.ufrags:
            self._demux.register(ufrag, link)

    def new_credentials(self) -> IceCredentials:
        """Ours, with a ufrag that no other link has."""
        made = IceCredentials.generate()
        while self._demux.knows(made.ufrag):
            made = IceCredentials.generate()
        return made

    def renew(self, link: Link, ufrag: str) -> None:
        """For Link: checks may name this ufrag too."""
        if link in self._links:
            self._demux.register(ufrag, link)

    def retire(self, ufrag: str) -> None:
        """For Link: checks name this ufrag no more."""
        self._demux.remove(ufrag)

    def bind(self, link: Link, address: Address, now: float) -> bool:
        """For Link: it proved to sit at `address`."""
        return self._demux.bind(link, address, now)

    def unbind(self, link: Link, address: Address) -> None:
        """For Link: it left `address`."""
        self._demux.unbind(link, address)

    def release(self, link: Link, task: asyncio.Task[None] | None) -> None:
        """For Link: it is closed; `task` may still be saying goodbye."""
        self._links.discard(link)
        for ufrag in link.ufrags:
            self._demux.remove(ufrag)
        if task is not None:
            self._leaving.add(task)
            task.add_done_callback(self._leaving.discard)

    def _current(self) -> Certificate:
        if self._certificate is None:
            self._certificate = _certificate(self.clock())
        return self._certificate

    def _addresses(self) -> Sequence[str]:
        if self._announced:
            return self._announced
        if self._host not in EVERYWHERE:
            return (self._host,)
        found = self._own_addresses()
        self._udp.sit_on(found)
        return found

    def _own_addresses(self) -> list[str]:
        families = EVERYWHERE[self._host]
        return [each for each in machine_addresses() if (":" in each) <= ("::" in families)]

    def _flush(self) -> None:
        self._drained()
        self._udp.flush()
