"""Ctrl-C with rooms open: everybody is told, and it takes less than three seconds."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from tests.flows.conftest import MakeGuest, MakeTalker

PEOPLE = 12


async def test_ctrl_c_tells_everyone_and_is_quick(
    server: Callable[..., Any], guests: MakeGuest, talkers: MakeTalker
) -> None:
    here = server()
    host = await guests(here, "지민", member=True)
    rooms = [await host.create_share_map() for _ in range(3)]
    people = [await guests(here, f"손님 {number}") for number in range(PEOPLE)]
    await asyncio.gather(*(person.join(rooms[number % 3]) for number, person in enumerate(people)))
    voices = await asyncio.gather(*(talkers(person) for person in people[:6]))
    await asyncio.gather(*(voice.hears(1) for voice in voices))

    assert await asyncio.to_thread(here.interrupt) < 3.0
    assert here.process.returncode == 0
    assert {await person.hear_close() for person in people} == {1001}
