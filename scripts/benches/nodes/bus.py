"""The bus between nodes: a real node hears the beats of many that are not there, and Redis tells
many listeners."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import msgspec

from benches.cost import Spent
from benches.nodes.errands import SETTLING
from benches.nodes.group import Group
from wagu.bus import ViewersChanged
from wagu.cluster.bus import NodeBus
from wagu.cluster.cluster import BEATS, EVENTS
from wagu.cluster.node import Beat, Node, NodeId
from wagu.domain.live import LiveId

PREFIX = "wagu:"
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Hearing:
    """A node that hears `nodes` others once a second: µs of its processor, and of Redis', for each
    beat."""

    nodes: int
    node: float
    redis: float


@dataclass(frozen=True, slots=True)
class Telling:
    """A message to `listeners`: µs of Redis' processor, and bytes that it sends, for each."""

    listeners: int
    cost: float
    sent: float


def beat_of(number: int) -> bytes:
    """As long as a busy node's."""
    node = Node(NodeId(f"n_{number:010x}"), f"http://10.{number >> 8 & 255}.{number & 255}.17:8080")
    return msgspec.json.encode(Beat(node, "all", True, 120, 1200, "0.1.0"))


def event_of(number: int) -> bytes:
    """ViewersChanged, as the bus carries it: the most frequent one."""
    said: list[bytes] = []
    NodeBus(NodeId(f"n_{number:010x}"), said.append).publish(
        ViewersChanged(LiveId("Zk3v0aQ1nB5c7D9eF2gH4i"), 120)
    )
    return said[0]


def hearing(group: Group, nodes: int, seconds: int) -> Hearing:
    """Beats come evenly through each second, as those of nodes do that were not started at once."""
    site, publish = group.nodes[0], group.redis.publish
    beats = [beat_of(number) for number in range(nodes)]
    for beat in beats:
        publish(PREFIX + BEATS, beat)
    time.sleep(SETTLING)
    node, redis = Spent.by(site.pid).all, Spent.by(group.server.pid).all
    begun = time.perf_counter()
    for second in range(seconds):
        for number, beat in enumerate(beats):
            publish(PREFIX + BEATS, beat)
            ahead = begun + second + (number + 1) / nodes - time.perf_counter()
            if ahead > 0:
                time.sleep(ahead)
    count = nodes * seconds
    return Hearing(
        nodes,
        (Spent.by(site.pid).all - node) / count * 1e6,
        (Spent.by(group.server.pid).all - redis) / count * 1e6,
    )


def telling(group: Group, listeners: int, messages: int) -> Telling:
    """Sockets that are read by nobody but the kernel, which is drained between messages."""
    event = event_of(1)
    with ExitStack() as stack:
        sockets = [stack.enter_context(_listening(group.server.port)) for _ in range(listeners)]
        before = group.uses()
        for number in range(messages):
            group.redis.publish(PREFIX + EVENTS, event)
            if number % 50 == 49:
                for each in sockets:
                    each.recv(CHUNK)
        found = group.uses().since(before)
    told = listeners * messages
    return Telling(listeners, found.cost / told * 1e6, found.sent / told)


@contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port)) as made:
        made.sendall(f"SUBSCRIBE {PREFIX}{EVENTS}\r\n".encode())
        made.recv(CHUNK)
        yield made
