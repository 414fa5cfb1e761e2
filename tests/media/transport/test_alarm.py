"""The timer rings once for each time it is set, from a descriptor as from the loop."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Awaitable, Callable, Iterator

import pytest

from media.transport import alarm
from media.transport.alarm import Alarm

WaitFor = Callable[..., Awaitable[None]]


class Bell:
    def __init__(self) -> None:
        self.rung = 0
        self.on_ring: Callable[[], None] = lambda: None
        self.alarm = Alarm(self.ring)

    def ring(self) -> None:
        self.rung += 1
        self.on_ring()


@pytest.fixture(params=["descriptor", "loop"])
def kind(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "loop":
        monkeypatch.setattr(alarm, "_libc", None)
    return str(request.param)


@pytest.fixture
async def bell(kind: str) -> Iterator[Bell]:
    made = Bell()
    assert (made.alarm._descriptor >= 0) == (kind == "descriptor")
    yield made
    made.alarm.close()


async def test_it_rings_once_and_not_too_early(bell: Bell, wait_for: WaitFor) -> None:
    begun = time.monotonic()
    bell.alarm.set(0.02)
    assert bell.alarm.pending
    await wait_for(lambda: bell.rung)
    assert time.monotonic() - begun >= 0.019  # loops count in milliseconds
    assert not bell.alarm.pending
    await asyncio.sleep(0.05)
    assert bell.rung == 1


async def test_it_can_be_set_anew_before_and_while_it_rings(bell: Bell, wait_for: WaitFor) -> None:
    bell.on_ring = lambda: bell.alarm.set(0.0002) if bell.rung < 5 else None
    bell.alarm.set(1.5)
    bell.alarm.set(0.0002)
    await wait_for(lambda: bell.rung == 5)
    await asyncio.sleep(0.01)
    assert bell.rung == 5


async def test_what_is_cancelled_does_not_ring(bell: Bell) -> None:
    bell.alarm.set(0.001)
    bell.alarm.cancel()
    bell.alarm.cancel()
    await asyncio.sleep(0.02)
    assert (bell.rung, bell.alarm.pending) == (0, False)


async def test_it_may_be_cancelled_when_the_loop_knows_that_it_is_time() -> None:
    """By who comes first in the same round."""
    bell, loop = Bell(), asyncio.get_running_loop()
    ours, theirs = socket.socketpair()
    with ours, theirs:
        loop.add_reader(ours, bell.alarm.cancel)
        await asyncio.sleep(0.01)  # both are watched
        theirs.send(b"now")
        bell.alarm.set(0.0001)
        let_pass(0.01)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        loop.remove_reader(ours)
    assert (bell.rung, bell.alarm.pending) == (0, False)
    bell.alarm.close()


def let_pass(seconds: float) -> None:
    """While nothing else happens."""
    time.sleep(seconds)


async def test_it_may_be_closed_while_it_rings(bell: Bell, wait_for: WaitFor) -> None:
    bell.on_ring = bell.alarm.close
    bell.alarm.set(0.001)
    await wait_for(lambda: bell.rung)
    bell.alarm.close()
    await asyncio.sleep(0.01)
    assert bell.rung == 1


async def test_it_survives_who_fails_when_it_rings(bell: Bell, wait_for: WaitFor) -> None:
    def fail() -> None:
        raise RuntimeError("a bug")

    failed: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: failed.append(context))
    bell.on_ring = fail
    bell.alarm.set(0.001)
    await wait_for(lambda: failed)
    await asyncio.sleep(0.02)
    assert bell.rung == 1
    bell.on_ring = lambda: None
    bell.alarm.set(0.001)
    await wait_for(lambda: bell.rung == 2)
