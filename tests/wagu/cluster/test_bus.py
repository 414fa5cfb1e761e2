"""What is said at one node is heard at the other; over a real Redis, also after it died."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Callable
from typing import Any, get_args, get_type_hints

import pytest

from tests.clients.waiting import eventually
from tests.redis_server import MakeRedis
from wagu.bus import Event, LiveEnded, LiveStateChanged, PersonRenamed, ViewersChanged
from wagu.cluster.bus import NodeBus
from wagu.cluster.node import NodeId
from wagu.cluster.wire import WAITING_MAX, RedisWire
from wagu.domain.live import LiveId, LiveState
from wagu.domain.person import Person, PersonId

ENDED = LiveEnded(LiveId("l1"), "by_host")


def pair() -> tuple[NodeBus, NodeBus]:
    """Whatever one sends both receive, as from a wire."""
    buses: list[NodeBus] = []

    def send(message: bytes) -> None:
        for bus in buses:
            bus.receive(message)

    buses += [NodeBus(NodeId(name), send) for name in ("a", "b")]
    return buses[0], buses[1]


EXAMPLES: list[Event] = [
    ENDED,
    LiveStateChanged(LiveId("l1"), LiveState.ON_AIR),
    PersonRenamed(Person(PersonId("m_1"), "member", "지민")),
]


@pytest.mark.parametrize("event", EXAMPLES, ids=lambda event: type(event).__name__)
def test_happens_once_at_each_node(event: Event) -> None:
    here, there = pair()
    heard: list[tuple[str, Event]] = []
    here.subscribe(type(event), lambda each: heard.append(("here", each)))
    there.subscribe(type(event), lambda each: heard.append(("there", each)))
    here.publish(event)
    assert heard == [("here", event), ("there", event)]


def test_every_kind_of_event_can_be_sent() -> None:
    """By its fields: whatever is added to the bus must be a dataclass of what JSON can carry."""
    for kind in get_args(Event):
        assert dataclasses.is_dataclass(kind)
        for hint in get_type_hints(kind).values():
            assert "Callable" not in str(hint)


def test_what_a_newer_release_says_is_ignored() -> None:
    here, _ = pair()
    here.receive(b'{"origin":"b","kind":"SomethingNew","event":{"x":1}}')


# ------------------------------------------------------------------------------------------ wires


@pytest.fixture
async def wires() -> AsyncIterator[Callable[[str], RedisWire]]:
    made: list[RedisWire] = []

    def make(url: str) -> RedisWire:
        made.append(RedisWire(url))
        return made[-1]

    yield make
    for wire in made:
        await wire.close()


async def test_a_wire_carries_in_order_and_says_when_something_was_missed(
    own_redis: MakeRedis, wires: Callable[[str], RedisWire]
) -> None:
    redis = own_redis()
    here, there = wires(redis.url), wires(redis.url)
    heard: list[bytes] = []
    missed = asyncio.Event()
    await here.start({"bus": lambda _message: None}, lambda: None)
    await there.start({"bus": heard.append}, missed.set)
    for number in range(100):
        here.send("bus", b"%d" % number)
    await until(lambda: len(heard) == 100)
    assert heard == [b"%d" % number for number in range(100)]
    assert not missed.is_set()

    await asyncio.to_thread(redis.kill)
    here.send("bus", b"while it is away")
    await asyncio.to_thread(redis.start)
    await asyncio.wait_for(missed.wait(), 10)
    await until(lambda: heard[-1:] == [b"99"] or heard[-1:] == [b"while it is away"])
    here.send("bus", b"and after")
    await until(lambda: heard[-1] == b"and after")


async def test_a_redis_that_falls_silent_is_found_out(
    own_redis: MakeRedis, wires: Callable[[str], RedisWire], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wagu.cluster.wire.LOOK_EVERY", 0.1)
    redis = own_redis()
    missed = asyncio.Event()
    await wires(redis.url).start({"bus": lambda _message: None}, missed.set)
    redis.freeze()
    await asyncio.sleep(0.5)
    redis.thaw()
    await asyncio.wait_for(missed.wait(), 10)


async def test_a_handler_that_fails_stops_nobody(
    redis_url: str, wires: Callable[[str], RedisWire]
) -> None:
    wire = wires(redis_url)
    heard: list[bytes] = []

    def handle(message: bytes) -> None:
        if message == b"bad":
            raise ValueError(message)
        heard.append(message)

    await wire.start({"bus": handle}, lambda: None)
    for message in (b"bad", b"good"):
        wire.send("bus", message)
    await until(lambda: heard == [b"good"])


async def test_what_cannot_be_said_is_bounded() -> None:
    wire = RedisWire("redis://127.0.0.1:1/0")
    for number in range(WAITING_MAX + 10):
        wire.send("bus", b"%d" % number)
    assert wire.waiting == WAITING_MAX
    await wire.close()


async def test_buses_over_a_wire(redis_url: str, wires: Callable[[str], RedisWire]) -> None:
    heard: list[Any] = []
    buses = []
    for name in ("a", "b"):
        wire = wires(redis_url)
        bus = NodeBus(NodeId(name), lambda message, wire=wire: wire.send("bus", message))
        bus.subscribe(ViewersChanged, lambda event, name=name: heard.append((name, event)))
        await wire.start({"bus": bus.receive}, lambda: None)
        buses.append(bus)
    event = ViewersChanged(LiveId("l1"), 3)
    buses[0].publish(event)
    await until(lambda: len(heard) == 2)
    assert heard == [("a", event), ("b", event)]


async def until(condition: Callable[[], bool]) -> None:
    async def look() -> bool:
        return condition()

    await eventually(look, "is heard")
