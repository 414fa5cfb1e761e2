"""Whole paths through the real server process, with clients that are no browsers.

guests      makes people: `await guests(server, "하늘")`; all of them leave when the test ends
talkers     gives a guest in a map room a voice: `await talkers(guest)`
figure      reads a number from /metrics
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from tests.clients.guest import Guest
from tests.clients.talker import Talker

MakeGuest = Callable[..., Awaitable[Guest]]
MakeTalker = Callable[..., Awaitable[Talker]]
Figure = Callable[..., Awaitable[float]]


@pytest.fixture
async def guests() -> AsyncIterator[MakeGuest]:
    made: list[Guest] = []

    async def make(server: Any, name: str, *, member: bool = False) -> Guest:
        guest = Guest(server.url, name)
        made.append(guest)
        await (guest.become_member() if member else guest.become_guest())
        return guest

    yield make
    for guest in made:
        await guest.close()


@pytest.fixture
async def talkers() -> AsyncIterator[MakeTalker]:
    made: list[Talker] = []

    async def make(guest: Guest, **how: Any) -> Talker:
        talker = Talker(guest, **how)
        made.append(talker)
        await talker.join()
        return talker

    yield make
    for talker in made:
        await talker.close()


@pytest.fixture
def figure() -> Figure:
    """`await figure(guest, "wagu_media_dropped", kind="empty")`; none is zero."""

    async def read(guest: Guest, name: str, **labels: str) -> float:
        async with guest.http.get(f"{guest.url}/metrics") as answer:
            text = await answer.text()
        wanted = ",".join(f'{key}="{value}"' for key, value in labels.items())
        braces = re.escape(f"{{{wanted}}}") if labels else ""
        found = re.search(rf"^{name}(?:_total)?{braces} (\S+)$", text, re.MULTILINE)
        return float(found[1]) if found else 0.0

    return read
