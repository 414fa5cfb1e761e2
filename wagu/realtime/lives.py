"""The life of a live at run time: on air with its media, interrupted without, ended after a grace.

    first packet of the publisher          → on_air
    publisher gone                         → interrupted, and ended 60 s later (host_gone)
    on air on a node that is gone          → interrupted, 60 s from when that was seen
    announced, and nothing ever published  → ended after 15 minutes (host_gone)

States live in SQL; only the deadlines are here. Several nodes may have one for the same live:
whoever comes first ends it, and nobody ends what is on air.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

import structlog

from wagu.bus import Bus, LiveCreated, LiveEnded, LiveStateChanged
from wagu.cluster.ownership import Ownership
from wagu.domain.live import TRANSITIONS, Live, LiveId, LiveState, UnknownTransition
from wagu.domain.person import MemberId
from wagu.media_backend.base import (
    MediaEvent,
    PeerClosed,
    PublicationStarted,
    RoomKey,
    label_of,
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
        ownership: Ownership,
        clock: Callable[[], float],
    ) -> None:
        self._rows = rows
        self._bus = bus
        self._background = background
        self._ownership = ownership
        self._clock = clock
        self._deadlines: dict[LiveId, float] = {}
        self._here: set[LiveId] = set()
        self._one_at_a_time = asyncio.Lock()
        bus.subscribe(LiveCreated, self._created)
        bus.subscribe(LiveEnded, self._ended)
        bus.subscribe(LiveStateChanged, self._changed)

    async def adopt(self) -> None:
        """At the start, and when a node is gone: whoever was on air where nobody is any more has a
        grace to come back."""
        now = self._clock()
        for live in await self._rows.active():
            if live.id in self._deadlines or await self._is_kept(live.id):
                continue
            patience = live.created_at + WAITING_MAX if live.state is LiveState.WAITING else 0.0
            self._deadlines[live.id] = max(patience, now + GRACE)
            await self._set(live.id, LiveState.INTERRUPTED)

    async def _is_kept(self, live_id: LiveId) -> bool:
        room = f"{PREFIX}{live_id}"
        return self._ownership.holds(room) or await self._ownership.find(room) is not None

    # ----------------------------------------------------------------------------------------- told

    def on_media(self, event: MediaEvent) -> None:
        """Synchronous, from the event loop."""
        if not event.room.startswith(PREFIX):
            return
        live_id = LiveId(event.room.removeprefix(PREFIX))
        if isinstance(event, PublicationStarted):
            self._here.add(live_id)
            self._background.spawn("live on air", self._set(live_id, LiveState.ON_AIR))
        elif isinstance(event, PeerClosed) and event.role == "publish":
            if event.reason != "replaced":
                self._here.discard(live_id)
            if event.reason not in OVER:
                self._background.spawn("live interrupted", self._interrupt(live_id))

    def _created(self, event: LiveCreated) -> None:
        self._deadlines[event.id] = self._clock() + WAITING_MAX

    def _ended(self, event: LiveEnded) -> None:
        self._deadlines.pop(event.id, None)

    def _changed(self, event: LiveStateChanged) -> None:
        if event.state is LiveState.ON_AIR:
            self._deadlines.pop(event.id, None)
        elif event.state is LiveState.INTERRUPTED and event.id in self._here:
            # Another node took it for lost while it was on its way here.
            self._background.spawn("live on air", self._set(event.id, LiveState.ON_AIR))

    # ---------------------------------------------------------------------------------------- doing

    def tick(self, now: float) -> None:
        """End those whose host did not come (back) in time."""
        for live_id in [each for each, at in self._deadlines.items() if at <= now]:
            del self._deadlines[live_id]
            self._background.spawn("end live", self._end(live_id))

    async def record_peak(self, live_id: LiveId, viewers: int) -> None:
        await self._rows.record_peak(live_id, viewers)

    async def _interrupt(self, live_id: LiveId) -> None:
        """Unless it is on another node by now, which knows better."""
        if await self._ownership.find(f"{PREFIX}{live_id}") is None:
            await self._set(live_id, LiveState.INTERRUPTED)

    async def _end(self, live_id: LiveId) -> None:
        try:
            if (await self._rows.get(live_id)).state is LiveState.ON_AIR:
                return  # elsewhere
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
                log.info(
                    "x dropped: too late", live=live_id, room=_label(live_id), reason=str(late)
                )
                return False
            if state is LiveState.INTERRUPTED:
                self._deadlines[live_id] = now + GRACE
            else:
                self._deadlines.pop(live_id, None)
        log.info(f"= live {state}", live=live_id, room=_label(live_id))
        self._bus.publish(LiveStateChanged(live_id, state))
        return True


def _label(live: LiveId) -> str:
    return label_of(RoomKey(f"{PREFIX}{live}"))
