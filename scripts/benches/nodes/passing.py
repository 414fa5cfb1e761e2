"""A socket whose room is on another node: what the node between takes, and the room's own."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from benches.cost import Spent, memory
from benches.nodes.errands import Idle, guest, member, share_map
from benches.nodes.group import Group
from benches.ws.crowd import Client, Crowd
from benches.ws.trial import MOVES, ONE_IN


@dataclass(frozen=True, slots=True)
class Passing:
    """µs of processor for each message that came to a client, of the room's node and of the one in
    between; bytes in memory for each socket there. Where nothing passes, these are 0."""

    name: str
    messages: int
    room: float
    between: float
    memory: float


def passing(group: Group, people: int, rooms: int, seconds: float, background: Idle) -> Passing:
    """All but one of a room come by the second node."""
    return _measure(group, people, rooms, seconds, background, by=1)


def at_home(group: Group, people: int, rooms: int, seconds: float, background: Idle) -> Passing:
    """The same, and everybody asks the node that has the room."""
    return _measure(group, people, rooms, seconds, background, by=0)


def _measure(
    group: Group, people: int, rooms: int, seconds: float, background: Idle, by: int
) -> Passing:
    home, door = group.nodes[0], group.nodes[by]
    host = member(home)
    keys = [share_map(home, host, number) for number in range(rooms)]
    cookies = [guest(home) for _ in range(people)]
    with ExitStack() as stack:

        def enter(url: str, cookie: str, room: str) -> Client:
            client = Client(url, cookie, room, listens=False)
            stack.callback(client.socket.close)
            return client

        first = [enter(home.url, host, room) for room in keys]
        before = memory(door.pid)
        clients = [
            enter(door.url, cookies[n], keys[n % rooms]) for n in range(people)
        ]  # the owner's own socket makes it the first to need the room
        held = memory(door.pid) - before
        movers = [client for n, client in enumerate(clients) if n // rooms % ONE_IN == 0]
        crowd = Crowd([*first, *clients], movers, MOVES * len(movers), 1.0)
        crowd.run(1.0)
        delivered, spent = crowd.delivered, _spent(group)
        crowd.run(seconds)
        delivered = crowd.delivered - delivered
        share = seconds / background.uses.seconds
        costs = [
            now - was - own * share
            for now, was, own in zip(_spent(group), spent, background.nodes, strict=True)
        ]
    if not delivered:
        raise RuntimeError("nothing came out of the server")
    return Passing(
        name="through another node" if by else "at the room's node",
        messages=delivered,
        room=costs[0] / delivered * 1e6,
        between=costs[by] / delivered * 1e6 if by else 0.0,
        memory=held / people if by else 0.0,
    )


def _spent(group: Group) -> Sequence[float]:
    return [Spent.by(node.pid).all for node in group.nodes]
