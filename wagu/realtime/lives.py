"""The life of a live at run time: on air with its media, interrupted without, ended after a grace.

    first packet of the publisher          → on_air
    publisher gone                         → interrupted, and ended 60 s later (host_gone)
    on air when the server stopped         → interrupted, 60 s from the start
    announced, and nothing ever published  → ended after 15 minutes (host_gone)

States live in SQL; only the deadlines are here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

import structlog

from wagu.bus import Bus, LiveCreated, LiveEnded, LiveStateChanged
from wagu.domain.live import TRANSITIONS, Live, LiveId, LiveState, UnknownTransition
from wagu.domain.person import MemberId
from wagu.media_backend.base import (
    MediaEvent,
    PeerClosed,
    PublicationStarted,
)
from wagu.realtime.background import Background

log = structlog.get_logger("wagu.realtime.lives")

GRACE = 60.0
WAITING_MAX = 900.0
OVER = frozenset({"replaced", "room_closed", "shutdown"})
"""Reasons that say nothing about the host: a successor is here, or we closed it ourselves."""

PREFIX = "live/"


class LiveRows(Protocol):
    """What is asked of wagu.db.lives.LiveRows."""

    async def get(self, live_id: LiveId) -> Live: ...

    async def seen(self, live_id: LiveId, viewer: MemberId | None) -> Live: ...

    async def active(self) -> list[Live]: ...

    async def set_state(self, live_id: LiveId, state: LiveState, now: float) -> bool: ...

    async def record_peak(self, live_id: LiveId, viewers: int) -> None: ...


class Lives:
    """`clock` gives seconds since the epoch; deadlines are in it, too."""

    def __init__(
        self,
        rows: LiveRows,
        bus: Bus,
        background: Background,
        clock: Callable[[], float],
    ) -> None:
        self._rows = rows
        self._bus = bus
        self._background = background
        self._clock = clock
        self._deadlines: dict[LiveId, float] = {}
        self._one_at_a_time = asyncio.Lock()
        bus.subscribe(LiveCreated, self._created)
        bus.subscribe(LiveEnded, self._ended)

    async def start(self) -> None:
        """Nobody publishes yet: whoever was on air has a grace to come back."""
        now = self._clock()
        for live in await self._rows.active():
            patience = live.created_at + WAITING_MAX if live.state is LiveState.WAITING else 0.0
            self._deadlines[live.id] = max(patience, now + GRACE)
            await self._set(live.id, LiveState.INTERRUPTED)

    # ----------------------------------------------------------------------------------------- told

    def on_media(self, event: MediaEvent) -> None:
        """Synchronous, from the event loop."""
        if not event.room.startswith(PREFIX):
            return
        live_id = LiveId(event.room.removeprefix(PREFIX))
        if isinstance(event, PublicationStarted):
            self._background.spawn("live on air", self._set(live_id, LiveState.ON_AIR))
        elif isinstance(event, PeerClosed) and event.role == "publish" and event.reason not in OVER:
            self._background.spawn("live interrupted", self._set(live_id, LiveState.INTERRUPTED))

    def _created(self, event: LiveCreated) -> None:
        self._deadlines[event.id] = self._clock() + WAITING_MAX

    def _ended(self, event: LiveEnded) -> None:
        self._deadlines.pop(event.id, None)

    # ---------------------------------------------------------------------------------------- doing

    def tick(self, now: float) -> None:
        """End those whose host did not come (back) in time."""
        for live_id in [each for each, at in self._deadlines.items() if at <= now]:
            del self._deadlines[live_id]
            self._background.spawn("end live", self._end(live_id))

    async def record_peak(self, live_id: LiveId, viewers: int) -> None:
        await self._rows.record_peak(live_id, viewers)

    async def _end(self, live_id: LiveId) -> None:
        try:
            ended = await self._set(live_id, LiveState.ENDED)
        except Exception:
            self._deadlines[live_id] = self._clock() + GRACE  # the database may be back by then
            raise
        if ended:
            self._bus.publish(LiveEnded(live_id, "host_gone"))

    async def _set(self, live_id: LiveId, state: LiveState) -> bool:
        """In the order of the events. Whether it changed; an event that comes too late changes
        nothing (media of a live that has just ended)."""
        async with self._one_at_a_time:
            live = await self._rows.get(live_id)
            now = self._clock()
            if state not in TRANSITIONS[live.state]:
                return False
            try:
                if not await self._rows.set_state(live_id, state, now):
                    return False
            except UnknownTransition as late:  # its host ended it since we looked
                log.info("x dropped: too late", live=live_id, reason=str(late))
                return False
            if state is LiveState.INTERRUPTED:
                self._deadlines[live_id] = now + GRACE
            else:
                self._deadlines.pop(live_id, None)
        log.info(f"= live {state}", live=live_id)
        self._bus.publish(LiveStateChanged(live_id, state))
        return True
