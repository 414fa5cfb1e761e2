"""One batch of one stream to all of its receivers at once: the hot path.

What makes it cheap: a receiver whose epoch lasts needs nothing but its offsets, so that a packet is
written once per *shape* (payload type and extension ids) and then copied, with 10 bytes of it
written anew, for every receiver; nothing is counted or remembered per packet and receiver, as it
follows from what the batch was. Encryption and the system call belong to the `Egress`.

Receivers that want anything else (a temporal layer left out, a link over TCP, a recording) are not
in the table: `Subscription.forward` serves them packet by packet.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from struct import Struct
from typing import TYPE_CHECKING, Any, NamedTuple

from media.packets.rtp import HeaderTemplate, send_time
from media.routing.output import Egress, Route
from media.routing.packet import MediaPacket, write_padding
from media.routing.pictures import numbering_of

if TYPE_CHECKING:
    from media.routing.rewrite import Epoch
    from media.routing.subscription import Subscription

LONGEST_HEADER = 128
SILENT = 127
_OWN = Struct("!HII")
"""Sequence number, timestamp and SSRC: what differs between two receivers of one shape."""


class _Row(NamedTuple):
    """One receiver: its shape, and what is added to a packet's numbers."""

    shape: int
    sequence: int
    timestamp: int
    ssrc: int


class _Patch(NamedTuple):
    """A receiver with picture ids of its own."""

    row: int
    picture: int
    tl0: int


class Fanout:
    """The receivers of one encoding, as they are; when anything changes it is `dissolve`d and
    another one made. `members` are served by the batch, `others` one by one.

    `since`: no packet before this number may come; `packets`, `octets` and `latest` (the highest)
    tell what went through.
    """

    __slots__ = ("_groups", "_unready", "latest", "members", "octets", "others", "packets", "since")

    def __init__(self, subscriptions: Iterable[Subscription]) -> None:
        self.members: list[Subscription] = []
        self.others: list[Subscription] = []
        self.since = 0
        self.packets = self.octets = 0
        self.latest: MediaPacket | None = None
        groups: dict[tuple[Hashable, int], _Group] = {}
        self._unready: list[Subscription] = []
        for each in subscriptions:
            found = each.join(self)
            if found is None:
                self.others.append(each)
                if not each.is_plain:
                    self._unready.append(each)
                continue
            epoch, route, template = found
            self.members.append(each)
            self.since = max(self.since, epoch.first_input)
            key = (route.group, template.length)
            if key not in groups:
                groups[key] = _Group(route.egress, template.length, each.codec.name)
            groups[key].add(each, epoch, route, template)
        self._groups = tuple(groups.values())
        for group in self._groups:
            group.seal()

    @property
    def outgrown(self) -> bool:
        """Whether somebody could be a member by now."""
        return any(each.is_plain for each in self._unready)

    def deliver(self, packets: Sequence[MediaPacket]) -> None:
        """To every member. None of the packets may be older than `since`."""
        latest = self.latest
        for packet in packets:
            self.octets += len(packet.payload)
            if latest is None or packet.sequence > latest.sequence:
                latest = packet
        self.packets += len(packets)
        self.latest = latest
        for group in self._groups:
            group.deliver(packets)

    def dissolve(self) -> None:
        """The members count and number for themselves again."""
        for each in self.members:
            each.part()
        self.members.clear()


class _Group:
    """Members that leave by the same socket with headers of the same length."""

    __slots__ = (
        "_egress",
        "_head",
        "_numbering",
        "_patches",
        "_routes",
        "_rows",
        "_shapes",
        "_table",
    )

    def __init__(self, egress: Egress, head: int, codec: str) -> None:
        self._egress = egress
        self._head = head
        self._numbering = numbering_of(codec)
        self._shapes: dict[tuple[int, bytes], tuple[int, HeaderTemplate]] = {}
        self._rows: list[_Row] = []
        self._patches: list[_Patch] = []
        self._routes: list[Route] = []
        self._table: object = None

    def add(
        self, member: Subscription, epoch: Epoch[Any], route: Route, template: HeaderTemplate
    ) -> None:
        payload_type = member.codec.payload_type
        shapes = self._shapes
        shape, _ = shapes.setdefault((payload_type, template.shape), (len(shapes), template))
        if epoch.picture_offset or epoch.tl0_offset:
            self._patches.append(_Patch(len(self._rows), epoch.picture_offset, epoch.tl0_offset))
        offsets = epoch.sequence_offset, epoch.timestamp_offset
        self._rows.append(_Row(shape, *offsets, member.ssrc))
        self._routes.append(route)

    def seal(self) -> None:
        self._table = self._egress.table(self._routes)

    def deliver(self, packets: Sequence[MediaPacket]) -> None:
        longest = self._egress.longest - self._head
        if any(len(packet.payload) + packet.padding > longest for packet in packets):
            fitting = [p for p in packets if len(p.payload) + p.padding <= longest]
            self._egress.refuse((len(packets) - len(fitting)) * len(self._rows))
            packets = fitting
        if not packets:
            return
        wholes = [
            [_write(template, payload_type, packet) for packet in packets]
            for (payload_type, _), (_, template) in self._shapes.items()
        ]
        sizes = [len(whole) for whole in wholes[0]]
        at_once = max(1, self._egress.slots // len(packets))
        for first in range(0, len(self._rows), at_once):
            rows = slice(first, first + at_once)
            begin = self._egress.claim(len(self._rows[rows]) * len(packets))
            self._fill(begin, self._rows[rows], packets, wholes)
            if self._patches:
                self._patch(begin, rows, packets)
            self._egress.send(self._table, rows, sizes)

    def _fill(
        self,
        at: int,
        rows: Sequence[_Row],
        packets: Sequence[MediaPacket],
        wholes: Sequence[Sequence[bytes]],
    ) -> None:
        buffer, stride, write = self._egress.buffer, self._egress.stride, _OWN.pack_into
        numbered = [(packet.sequence, packet.timestamp) for packet in packets]
        for shape, sequence_offset, timestamp_offset, ssrc in rows:
            for (sequence, timestamp), whole in zip(numbered, wholes[shape], strict=True):
                buffer[at : at + len(whole)] = whole
                write(
                    buffer,
                    at + 2,
                    (sequence + sequence_offset) & 0xFFFF,
                    (timestamp + timestamp_offset) & 0xFFFFFFFF,
                    ssrc,
                )
                at += stride

    def _patch(self, begin: int, rows: slice, packets: Sequence[MediaPacket]) -> None:
        """Give the receivers that changed layers their own, continuous picture ids."""
        numbering, stride, head = self._numbering, self._egress.stride, self._head
        if numbering is None:
            return
        patches = [each for each in self._patches if rows.start <= each.row < rows.stop]
        for index, packet in enumerate(packets):
            if not packet.payload:
                continue
            numbering.parse(packet.payload, 0, len(packet.payload))
            for row, picture, tl0 in patches:
                numbering.patch(
                    self._egress.buffer,
                    begin + ((row - rows.start) * len(packets) + index) * stride + head,
                    numbering.picture_id + picture,
                    numbering.tl0 + tl0,
                )


def _write(template: HeaderTemplate, payload_type: int, packet: MediaPacket) -> bytes:
    """The packet as all receivers of a shape get it, but for the numbers of each."""
    header = bytearray(LONGEST_HEADER)
    level = packet.level if packet.level >= 0 else SILENT
    stamped = send_time(packet.arrived)
    length = template.write(header, payload_type, packet.marker, 0, 0, 0, stamped, level)
    if not packet.padding:
        return bytes(header[:length]) + packet.payload
    whole = header[:length] + packet.payload + bytes(packet.padding)
    write_padding(whole, len(whole) - packet.padding, packet.padding)
    return bytes(whole)
