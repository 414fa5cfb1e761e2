"""What a placement makes of the nodes and of what they share: sums of unit costs, nothing else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from benches.paper import costs as c
from benches.paper import mix as m
from benches.paper.mix import Room
from benches.paper.placement import Placement
from wagu.cluster.cluster import BEAT_EVERY
from wagu.ephemeral.leases import RENEW_EVERY

MICRO = 1e-6


@dataclass(slots=True)
class NodeLoad:
    """`cpu` is a share of a core by what takes it; bytes; bytes a second, `told` of them from the
    bus; operations a second."""

    cpu: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    memory: float = c.NODE_MEMORY
    sent: float = 0.0
    redis_ops: float = 0.0
    told: float = 0.0
    rooms: int = 0

    @property
    def busy(self) -> float:
        return sum(self.cpu.values())


@dataclass(frozen=True, slots=True)
class Shared:
    """What all nodes do to their Redis: operations, messages that it is told and tells on, bytes a
    second of the bus, and shares of its core by what takes them."""

    ops: float
    told: float
    heard: float
    bus: float
    cpu: dict[str, float]

    @property
    def busy(self) -> float:
        return sum(self.cpu.values())


def presence(room: Room) -> float:
    """Messages a second to each socket of a room; chat, and in a live the count of viewers."""
    if room.sort == "live":
        changes = min(1.0, 2 * room.people / m.STAYS)
        return changes + m.LIVE_CHAT * room.people
    return m.TICKS + m.MAP_CHAT * room.people


def events(room: Room) -> float:
    """A second, that all nodes are told."""
    return min(1.0, 2 * room.people / m.STAYS) + m.PICTURES if room.sort == "live" else 0.0


def loads(rooms: Sequence[Room], placement: Placement, web: int = 0) -> list[NodeLoad]:
    nodes = [NodeLoad() for _ in placement.doors]
    people = sum(room.people for room in rooms)
    for number, room in enumerate(rooms):
        node = nodes[placement.owners[number]]
        _room(node, room, placement.here[number], placement.through[number])
    for node, doors in zip(nodes, placement.doors, strict=True):
        for number, sockets in doors.items():
            _door(node, rooms[number], sockets)
    heard = len(nodes) / BEAT_EVERY + sum(map(events, rooms))
    fronts = nodes[:web] or nodes
    for node in nodes:
        node.cpu["beats"] += hearing(len(nodes) / BEAT_EVERY)
        node.cpu["events"] += hearing(heard) - hearing(len(nodes) / BEAT_EVERY)
        node.cpu["leases"] += c.at(c.RENEWAL_NODE, node.rooms) / RENEW_EVERY * MICRO
        node.cpu["itself"] += c.IDLE_NODE
        node.told = len(nodes) / BEAT_EVERY * c.BEAT + sum(map(events, rooms)) * c.EVENT
        node.redis_ops += 1 / BEAT_EVERY + node.rooms / RENEW_EVERY
    for node in fronts:
        requests = people * m.REQUESTS / m.STAYS / len(fronts)
        node.cpu["requests"] += requests * c.REQUEST_NODE * MICRO
        node.redis_ops += requests * c.REQUEST_OPS
    return nodes


def shared(rooms: Sequence[Room], nodes: int) -> Shared:
    """However rooms are placed."""
    leases = len(rooms) / RENEW_EVERY
    beats, said = nodes / BEAT_EVERY, sum(map(events, rooms))
    maps = sum(room.people for room in rooms if room.sort != "live")
    people = sum(room.people for room in rooms)
    rates = {
        "joins": (people / m.STAYS, c.JOIN_OPS, c.JOIN_REDIS),
        "requests": (people * m.REQUESTS / m.STAYS, c.REQUEST_OPS, c.REQUEST_REDIS),
        "votes": (maps * m.VOTES, c.VOTE_OPS, c.VOTE_REDIS),
        "chat": (sum(map(_lines, rooms)), c.CHAT_OPS, c.CHAT_REDIS),
    }
    cpu = {name: rate * cost * MICRO for name, (rate, _, cost) in rates.items()}
    cpu["leases"] = nodes * c.at(c.RENEWAL_REDIS, len(rooms) / nodes) / RENEW_EVERY * MICRO
    cpu["beats"] = beats * nodes * c.TOLD_REDIS * MICRO
    cpu["events"] = said * nodes * c.TOLD_REDIS * MICRO
    return Shared(
        ops=sum(rate * ops for rate, ops, _ in rates.values()) + leases + beats + said,
        told=beats + said,
        heard=(beats + said) * nodes,
        bus=(beats * c.BEAT + said * c.EVENT) * nodes,
        cpu=cpu,
    )


def _lines(room: Room) -> float:
    return room.people * (m.LIVE_CHAT if room.sort == "live" else m.MAP_CHAT)


def _room(node: NodeLoad, room: Room, here: int, through: int) -> None:
    node.rooms += 1
    sockets, messages = here + through, presence(room)
    node.cpu["sockets"] += messages * sockets * c.MESSAGE * MICRO
    node.memory += sockets * c.SOCKET_MEMORY
    node.sent += messages * sockets * c.MESSAGE_SIZE
    lines, votes = _lines(room), 0.0
    if room.sort != "live":
        votes = room.people * m.VOTES
    joins = room.people / m.STAYS
    node.cpu["errands"] += (lines * c.CHAT_NODE + votes * c.VOTE_NODE + joins * c.JOIN_NODE) * MICRO
    node.redis_ops += lines * c.CHAT_OPS + votes * c.VOTE_OPS + joins * c.JOIN_OPS
    node.redis_ops += events(room)
    if room.sort == "voice":
        packets = room.people * (room.people - 1) * m.SPEAKING_PACKETS
        node.cpu["media"] += packets * c.VOICE_PACKET * MICRO
        node.memory += room.people * c.VOICE_MEMORY
        node.sent += packets * c.VOICE_SIZE
    elif room.sort == "live":
        viewers = min(room.people, m.WEBRTC_MAX)
        node.cpu["media"] += m.LIVE_PACKETS * c.at(c.SOURCE_PACKET, viewers) * MICRO
        node.memory += (viewers + 1) * c.VIEWER_MEMORY
        node.sent += viewers * m.LIVE_BYTES


def _door(node: NodeLoad, room: Room, sockets: int) -> None:
    node.cpu["passing"] += sockets * presence(room) * c.PASSED * MICRO
    node.memory += sockets * c.PASSED_MEMORY
    node.sent += sockets * presence(room) * c.MESSAGE_SIZE


def hearing(messages: float) -> float:
    """Share of a core, of so many messages of the bus a second. Many at once cost less each."""
    return c.at(c.HEARD, messages) * MICRO
