"""Each thing that people do, many times at a real node: what one costs the node and its Redis."""

from __future__ import annotations

import secrets
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

from benches.cost import Spent
from benches.nodes.group import Group
from benches.nodes.uses import Uses
from benches.serving import Site
from benches.ws.crowd import PATIENCE, Client
from benches.ws.trial import post

SETTLING = 2.0
"""Seconds until a node that started, or that somebody used, is quiet."""
RARE = 0.05


@dataclass(frozen=True, slots=True)
class Errand:
    """Of one: µs of the node's processor and of Redis', round trips, bytes that Redis read and
    wrote, and its commands by name, with those that scripts give."""

    name: str
    node: float
    redis: float
    trips: float
    received: float
    sent: float
    ops: dict[str, float]


@dataclass(frozen=True, slots=True)
class Idle:
    """What goes on by itself: Redis, and seconds of each node's processor."""

    uses: Uses
    nodes: list[float]


def idle(group: Group, seconds: float) -> Idle:
    time.sleep(SETTLING)
    before, spent = group.uses(), [Spent.by(node.pid).all for node in group.nodes]
    time.sleep(seconds)
    own = [Spent.by(node.pid).all - was for node, was in zip(group.nodes, spent, strict=True)]
    return Idle(group.uses().since(before), own)


class Errands:
    """At the first node of a group. `background` goes on meanwhile, and is taken off."""

    def __init__(self, group: Group, times: int, background: Idle) -> None:
        self._group = group
        self._site = group.nodes[0]
        self._times = times
        self._background = background

    def all(self) -> Iterator[Errand]:
        """Leaves `times` rooms behind in which nobody is."""
        site, each = self._site, range(self._times)
        host, rooms, guests = member(site), [], []
        yield self._done("guest comes", lambda _: guests.append(guest(site)))
        yield self._done("map is made", lambda n: rooms.append(share_map(site, host, n)))
        yield self._done("GET /api/session", lambda n: get(site, "/api/session", guests[n]))
        with ExitStack() as stack:

            def enter(cookie: str, room: str) -> Client:
                client = Client(site.url, cookie, room, listens=True)
                stack.callback(client.socket.close)
                return client

            yield self._done("first into a map", lambda n: enter(guests[n], rooms[n]))
            speakers = [enter(host, rooms[n]) for n in each]
            for speaker in speakers:
                ask(
                    speaker, {"type": "nominate", "name": "을지면옥", "at": [37.5, 127.0]}, "ballot"
                )
            # From now on rooms are kept as well.
            self._background = idle(self._group, self._background.uses.seconds)
            vote = {"type": "vote", "nominee": "n-1", "on": True}
            yield self._done("vote", lambda n: ask(speakers[n], vote, "votes"))
            line = {"type": "chat", "text": "여기 어때?", "nonce": "1"}
            yield self._done("chat line", lambda n: ask(speakers[n], line, "chatted"))

    def _done(self, name: str, once: Callable[[int], object]) -> Errand:
        before, spent = self._group.uses(), Spent.by(self._site.pid).all
        for number in range(self._times):
            once(number)
        found, spent = self._group.uses().since(before), Spent.by(self._site.pid).all - spent
        spent -= self._background.nodes[0] * found.seconds / self._background.uses.seconds
        found = found.without(self._background.uses)
        return Errand(
            name,
            spent / self._times * 1e6,
            found.cost / self._times * 1e6,
            found.trips / self._times,
            found.received / self._times,
            found.sent / self._times,
            {
                op: count / self._times
                for op, count in sorted(found.ops.items())
                if count / self._times >= RARE
            },
        )


def ask(client: Client, message: object, answer: str) -> None:
    """Until a message of that type comes; others are not looked at."""
    client.socket.settimeout(PATIENCE)
    client.reader.kept.clear()
    client.say(message)
    wanted = f'"type":"{answer}"'.encode()
    while not any(wanted in each for _, each in client.reader.kept):
        data = client.socket.recv(1 << 16)
        if not data:
            raise RuntimeError("the server hung up")
        client.reader.feed(memoryview(data))


def get(site: Site, path: str, cookie: str) -> bytes:
    request = urllib.request.Request(site.url + path, headers={"Cookie": cookie})
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        read: bytes = answer.read()
        return read


def member(site: Site) -> str:
    """Their cookie."""
    name, password = f"b{secrets.token_hex(4)}", secrets.token_hex(12)
    body = {"username": name, "password": password, "name": "host"}
    return post(site.url, "/api/members", body)[1]


def guest(site: Site) -> str:
    return post(site.url, "/api/guests", {"name": "guest"})[1]


def share_map(site: Site, host: str, number: int) -> str:
    made, _ = post(site.url, "/api/share-maps", {"title": f"bench {number}"}, host)
    return f"map/{made['share_map']['id']}"
