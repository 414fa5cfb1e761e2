"""One batch of one stream to all of its receivers at once: the hot path.

What makes it cheap: a receiver whose epoch lasts needs nothing but its offsets, so that a packet is
written once per *shape* (payload type and extension ids) and then copied, with the numbers of every
receiver in it (routing/lanes.py); nothing is counted or remembered per packet and receiver, as it
follows from what the batch was. Encryption and the system call belong to the `Egress`.

Receivers that want anything else (a temporal layer left out, a link over TCP, a recording) are no
members: `Subscription.forward` serves them packet by packet.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from media.packets.rtp import HeaderTemplate, send_time
from media.routing.lanes import Lanes, Numbers
from media.routing.output import Egress, Route
from media.routing.packet import MediaPacket, write_padding
from media.routing.pictures import numbering_of

if TYPE_CHECKING:
    from media.routing.rewrite import Epoch
    from media.routing.subscription import Subscription

SILENT = 127
FEW, MANY = 2, 8
"""Packets for which receivers are served at once, as many as the buffer then has room for: a paced
stream comes by ones and twos, a frame of it by eight and more."""


class _Receiver(NamedTuple):
    numbers: Numbers
    pictures: tuple[int, int]
    """What is added to picture ids and to TL0PICIDX."""

    route: Route


class _Shape(NamedTuple):
    """Receivers of packets that differ in their numbers alone."""

    payload_type: int
    template: HeaderTemplate
    receivers: list[_Receiver]

    def write(self, packets: Sequence[MediaPacket]) -> list[bytearray]:
        return [_write(self.template, self.payload_type, packet) for packet in packets]


class _Patch(NamedTuple):
    """A receiver with picture ids of its own."""

    row: int
    picture: int
    tl0: int


class _Part(NamedTuple):
    """As many receivers of a shape as are served at once."""

    shape: _Shape
    table: object
    lanes: Lanes
    patches: Sequence[_Patch]


class _Cut(NamedTuple):
    """All receivers, in parts that take so many packets at once."""

    parts: Sequence[_Part]
    packets: int


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

    __slots__ = ("_cuts", "_egress", "_head", "_numbering", "_shapes")

    def __init__(self, egress: Egress, head: int, codec: str) -> None:
        self._egress = egress
        self._head = head
        self._numbering = numbering_of(codec)
        self._shapes: dict[tuple[int, bytes], _Shape] = {}
        self._cuts: dict[int, _Cut] = {}

    def add(
        self, member: Subscription, epoch: Epoch[Any], route: Route, template: HeaderTemplate
    ) -> None:
        key = member.codec.payload_type, template.shape
        if key not in self._shapes:
            self._shapes[key] = _Shape(member.codec.payload_type, template, [])
        numbers = Numbers(epoch.sequence_offset, epoch.timestamp_offset, member.ssrc)
        pictures = epoch.picture_offset, epoch.tl0_offset
        self._shapes[key].receivers.append(_Receiver(numbers, pictures, route))

    def deliver(self, packets: Sequence[MediaPacket]) -> None:
        longest = self._egress.longest - self._head
        if max([len(packet.payload) + packet.padding for packet in packets]) > longest:
            fitting = [p for p in packets if len(p.payload) + p.padding <= longest]
            receivers = sum(len(shape.receivers) for shape in self._shapes.values())
            self._egress.refuse((len(packets) - len(fitting)) * receivers)
            packets = fitting
        at_once = FEW if len(packets) <= FEW else MANY
        cut = self._cuts.get(at_once)
        if cut is None:
            cut = self._cuts[at_once] = self._cut(at_once)
        for first in range(0, len(packets), cut.packets):
            self._deliver(cut.parts, packets[first : first + cut.packets])

    def _cut(self, packets: int) -> _Cut:
        egress = self._egress
        most, parts = max(1, egress.slots // packets), []
        for shape in self._shapes.values():
            for first in range(0, len(shape.receivers), most):
                receivers = shape.receivers[first : first + most]
                table = egress.table([each.route for each in receivers])
                lanes = Lanes(egress.buffer, egress.stride, [each.numbers for each in receivers])
                own = [_Patch(row, *each.pictures) for row, each in enumerate(receivers)]
                patches = [each for each in own if each.picture or each.tl0]
                parts.append(_Part(shape, table, lanes, patches))
        return _Cut(parts, egress.slots // max(len(part.lanes) for part in parts))

    def _deliver(self, parts: Sequence[_Part], packets: Sequence[MediaPacket]) -> None:
        egress = self._egress
        written: _Shape | None = None
        for shape, table, lanes, patches in parts:
            if shape is not written:  # a shape's parts follow each other
                written, wholes = shape, shape.write(packets)
                sizes = [len(whole) for whole in wholes]
            begin = egress.claim(len(lanes) * len(packets))
            lanes.write(begin, packets, wholes)
            if patches:
                self._patch(begin, patches, packets)
            egress.send(table, sizes)

    def _patch(self, begin: int, patches: Sequence[_Patch], packets: Sequence[MediaPacket]) -> None:
        """Give the receivers that changed layers their own, continuous picture ids."""
        numbering, stride, head = self._numbering, self._egress.stride, self._head
        if numbering is None:
            return
        for index, packet in enumerate(packets):
            if not packet.payload:
                continue
            numbering.parse(packet.payload, 0, len(packet.payload))
            for row, picture, tl0 in patches:
                numbering.patch(
                    self._egress.buffer,
                    begin + (row * len(packets) + index) * stride + head,
                    numbering.picture_id + picture,
                    numbering.tl0 + tl0,
                )


def _write(template: HeaderTemplate, payload_type: int, packet: MediaPacket) -> bytearray:
    """The packet as all receivers of a shape get it, but for the numbers of each."""
    whole = bytearray(template.length)
    level = packet.level if packet.level >= 0 else SILENT
    stamped = send_time(packet.arrived)
    template.write(whole, payload_type, packet.marker, 0, 0, 0, stamped, level)
    whole += packet.payload
    if packet.padding:
        whole += bytes(packet.padding)
        write_padding(whole, len(whole) - packet.padding, packet.padding)
    return whole
