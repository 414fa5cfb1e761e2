"""Whose datagram is this? First bytes, ufrags and addresses (RFC 7983, RFC 5761 section 4).

A link is found by its ufrag for STUN and by its source address for the rest; an address belongs to
a link only after `bind`, which follows a STUN check with valid MESSAGE-INTEGRITY.
"""

from __future__ import annotations

import logging

from media.errors import MalformedPacket
from media.transport import ice
from media.transport.bell import UFRAG, Bell
from media.transport.counters import Counters, Drop
from media.transport.datagrams import Address, Sender
from media.transport.link import Link
from media.transport.srtp import PinnedBuffer

logger = logging.getLogger(__name__)

TAKEN_FOR = 10.0
"""Seconds without a sign of life after which an address may change links. Whoever forges sources
could otherwise take a stranger's address with a valid check for a link of their own."""


class Demux:
    """The routes of all sockets."""

    def __init__(self, counters: Counters, bell: Bell | None) -> None:
        self._counters = counters
        self._bell = bell
        self._by_ufrag: dict[str, Link] = {}
        self._by_address: dict[Address, Link] = {}

    def knows(self, ufrag: str) -> bool:
        return ufrag in self._by_ufrag

    @property
    def addresses(self) -> int:
        return len(self._by_address)

    @property
    def ufrags(self) -> int:
        return len(self._by_ufrag)

    def register(self, ufrag: str, link: Link) -> None:
        self._by_ufrag[ufrag] = link

    def remove(self, ufrag: str) -> None:
        self._by_ufrag.pop(ufrag, None)

    def holds(self, address: Address) -> bool:
        """Whether a link proved to sit there."""
        return address in self._by_address

    def lose(self, address: Address) -> None:
        """Nothing can be sent there any more: its connection is gone."""
        link = self._by_address.pop(address, None)
        if link is not None:
            link.lose_address(address)

    def bind(self, link: Link, address: Address, now: float) -> bool:
        """False when another link that is alive sits there."""
        holder = self._by_address.get(address)
        if holder is not None and holder is not link:
            if now - holder.last_seen < TAKEN_FOR:
                return False
            holder.lose_address(address)
        self._by_address[address] = link
        return True

    def unbind(self, link: Link, address: Address) -> None:
        if self._by_address.get(address) is link:
            del self._by_address[address]

    def receive(
        self, packet: PinnedBuffer, length: int, source: Address, now: float, via: Sender
    ) -> None:
        """Hand on the datagram of 1..1500 bytes at the head of `packet`."""
        first = packet.buffer[0]
        if first < 4:
            self._receive_stun(bytes(packet.view[:length]), source, now, via)
            return
        link = self._by_address.get(source)
        if link is None:
            known = 20 <= first < 64 or 128 <= first < 192
            self._counters.drop(Drop.UNBOUND if known else Drop.UNCLASSIFIED)
        elif 128 <= first < 192:
            # RTCP packet types 192..223 in the second byte; RTP never uses payload types 64..95.
            if length < 12:
                self._counters.drop(Drop.SRTP_MALFORMED)
            elif 192 <= packet.buffer[1] < 224:
                link.receive_rtcp(packet, length, now)
            else:
                link.receive_rtp(packet, length, now)
        elif 20 <= first < 64:
            link.receive_dtls(bytes(packet.view[:length]))
        else:
            self._counters.drop(Drop.UNCLASSIFIED)

    def _receive_stun(self, data: bytes, source: Address, now: float, via: Sender) -> None:
        try:
            request = ice.parse(data)
        except MalformedPacket as error:
            self._counters.drop(Drop.STUN_MALFORMED)
            logger.debug("x dropped: %s, from %s:%d", error, *source[:2])
            return
        if request is None:
            self._counters.drop(Drop.STUN_UNEXPECTED)
            return
        asked: Link | Bell | None = self._by_ufrag.get(request.ufrag)
        if asked is None and request.ufrag == UFRAG:
            asked = self._bell
        if asked is None:
            self._counters.drop(Drop.STUN_UNKNOWN_USER)
            return
        asked.receive_check(request, source, now, via)
