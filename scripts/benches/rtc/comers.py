"""People who come to a live and leave at once, as many as a server takes, in a process of their
own: what goes on in other rooms meanwhile shall not notice.

A few at a time, each beginning when the one before is gone. Somebody has come when DTLS is through.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import c_ulong
from multiprocessing.synchronize import Event
from typing import Any, Protocol

from benches.rtc.cast import Where
from benches.rtc.peer import Peer
from benches.rtc.rooms import Server, room_at
from benches.rtc.sdp import SSRC
from media.transport.certificate import Certificate

AT_ONCE = 6
BEGIN_WITHIN, END_WITHIN = 30.0, 25.0  # seconds
NICENESS = 10


class Comers(Protocol):
    """`count`: how many have come so far."""

    @property
    def count(self) -> int: ...


class Nobody:
    count = 0


class _Counted:
    def __init__(self, counted: Any) -> None:
        self._counted = counted

    @property
    def count(self) -> int:
        return int(self._counted.value)


@contextmanager
def coming(server: Server, url: str, where: Where, core: int) -> Iterator[Comers]:
    """Raises RuntimeError when nobody gets in."""
    context = multiprocessing.get_context("fork")
    counted: Any = context.Value(c_ulong, 0)
    begun, over = context.Event(), context.Event()
    arguments = (server, url, where, core, counted, begun, over)
    people = context.Process(target=_come, args=arguments)
    people.start()
    try:
        if not begun.wait(BEGIN_WITHIN):
            raise RuntimeError("nobody gets in")
        yield _Counted(counted)
    finally:
        over.set()
        people.join(END_WITHIN)
        people.kill()


def _come(
    server: Server, url: str, where: Where, core: int, counted: Any, begun: Event, over: Event
) -> None:
    os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
    os.nice(NICENESS)  # whoever measures the others goes first
    os.sched_setaffinity(0, {core})
    asyncio.run(_come_and_leave(server, url, where, counted, begun, over))


async def _come_and_leave(
    server: Server, url: str, where: Where, counted: Any, begun: Event, over: Event
) -> None:
    certificate = Certificate(0.0)
    room = room_at(server, url, "video")
    publisher = Peer(where.address, certificate, where.profile)
    try:
        await room.open()
        await publisher.connect(await room.publish(publisher, SSRC))

        async def one_after_the_other() -> None:
            while not over.is_set():
                peer = Peer(where.address, certificate, where.profile)
                try:
                    await peer.connect(await room.watch(peer))
                finally:
                    await peer.close()
                counted.value += 1
                begun.set()

        await asyncio.gather(*(one_after_the_other() for _ in range(AT_ONCE)))
    finally:
        await publisher.close()
        await room.close()
