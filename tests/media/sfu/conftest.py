"""A running SFU on 127.0.0.1 and clients that speak real STUN, DTLS and SRTP, in one process."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from media.events import (
    Event,
    PeerConnected,
)
from media.sfu import Sfu, SfuConfig
from tests.clients.sfu_client import PATIENCE, Client


async def wait_for(condition: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not come true"
        await asyncio.sleep(0.005)


class House:
    """A running SFU, its events, and clients who leave when the test ends."""

    def __init__(self, sfu: Sfu, events: list[Event], make: Callable[[], Client]) -> None:
        self.sfu = sfu
        self.events = events
        self.clients: list[Client] = []
        self._make = make

    def client(self) -> Client:
        made = self._make()
        self.clients.append(made)
        return made

    async def join(self, room: str, key: str, role: str, **how: Any) -> Client:
        """Returns when the SFU has the keys too."""
        client = self.client()
        await client.join(room, key, role, **how)
        connected = PeerConnected(room, key, role)  # type: ignore[arg-type]  # a Role
        await self.until(lambda: connected in self.events, f"{key} connected")
        return client

    async def until(self, condition: Callable[[], object], what: str) -> None:
        await wait_for(condition, what)

    def told(self, kind: type) -> list[Any]:
        return [event for event in self.events if type(event) is kind]


@pytest.fixture
async def house(
    read_rtp: Callable[[bytes], Any], rtp_bytes: Callable[..., bytearray]
) -> AsyncIterator[House]:
    events: list[Event] = []
    sfu = Sfu(SfuConfig(host="127.0.0.1", max_peers=8), events.append)
    await sfu.start()
    made = House(sfu, events, lambda: Client(sfu, read_rtp, rtp_bytes))
    yield made
    for client in made.clients:
        await client.close()
    await sfu.close()


@pytest.fixture(name="wait_for")
def _wait_for() -> Callable[..., Awaitable[None]]:
    return wait_for


@pytest.fixture
def make_client(
    read_rtp: Callable[[bytes], Any], rtp_bytes: Callable[..., bytearray]
) -> Callable[[Sfu], Client]:
    """A client of an SFU of the test's own; `house.client()` makes those of the house."""
    return lambda sfu: Client(sfu, read_rtp, rtp_bytes)
