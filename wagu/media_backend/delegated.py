"""A MediaBackend whose media is elsewhere: gives out tokens, keeps a roster of who is there, and
sees to it that what ended here ends there too, also when the server was down at that time.

Only `grant` waits for the server. Everything else is remembered and done behind the caller's back,
so that chat, map and votes never feel it. `reconcile` compares with the server's own list.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import structlog

from wagu.errors import NotFound, WaguError
from wagu.media_backend import remote as r
from wagu.media_backend.base import (
    Answer,
    Capabilities,
    Grant,
    Listener,
    MediaEvent,
    PeerKey,
    RecordingLimits,
    Restarted,
    Role,
    RoomKey,
    Snapshot,
    label_of,
    no_hls,
    no_sdp,
)
from wagu.media_backend.errands import Errands
from wagu.media_backend.roster import Roster

log = structlog.get_logger("wagu.media")

EVERY = 5.0
"""Seconds between two looks at the list."""

A_ROOM = 0.05
"""And for each room on it at least so many, as LiveKit's list is a question a room."""

EXPELLED_FOR = 900.0
"""Seconds for which a token could bring somebody back who was sent away: longer than one lasts."""

EXPELLED_MOST = 10_000


class DelegatedBackend:
    def __init__(
        self, remote: r.Remote, *, clock: Callable[[], float] = time.time, every: float = EVERY
    ) -> None:
        self._remote = remote
        self._clock = clock
        self._every = every
        self._listeners: list[Listener] = []
        self._roster = Roster()
        self._errands = Errands()
        self._muted: set[tuple[RoomKey, PeerKey]] = set()
        self._expelled: dict[tuple[RoomKey, PeerKey], float] = {}
        self._look = asyncio.Event()
        self._pause = every
        self._rounds: asyncio.Task[None] | None = None

    @property
    def capabilities(self) -> Capabilities:
        return self._remote.capabilities

    @property
    def accepts_tcp(self) -> None:
        return None

    @property
    def answers(self) -> bool:
        return self._remote.answers

    async def start(self) -> None:
        """Also where the server is down: it may come later."""
        self._rounds = asyncio.create_task(self._reconcile_forever())

    async def close(self) -> None:
        if self._rounds is not None:
            self._rounds.cancel()
            with suppress(asyncio.CancelledError):
                await self._rounds
        await self._errands.close()
        await self._remote.close()

    def listen(self, listener: Listener) -> None:
        self._listeners.append(listener)

    # ---------------------------------------------------------------------------------- getting in

    async def prepare(self) -> None: ...

    async def answer(self, room: RoomKey, peer: PeerKey, role: Role, offer: str) -> Answer:
        raise no_sdp()

    async def restart(
        self,
        room: RoomKey,
        peer: PeerKey,
        fragment: str,
        *,
        session: str | None = None,
        tag: str = "*",
    ) -> Restarted | None:
        raise NotFound("media.no_resource", "그런 연결은 없어요.")

    async def grant(self, room: RoomKey, peer: PeerKey, role: Role) -> Grant:
        # A farewell to the former connection must not end the one that comes now.
        await self._errands.cancel(("remove", room, peer))
        await self._errands.cancel(("remove person", room, peer.partition(":")[0]))
        made = await self._remote.admit(room, peer, role)
        self._expelled.pop((room, peer), None)
        self._muted.discard((room, peer))
        self._tell(self._roster.expect(room, peer, role, self._clock()))
        return made

    # -------------------------------------------------------------------------------- ending things

    async def mute(self, room: RoomKey, peer: PeerKey, muted: bool) -> None:
        """Who unmutes does so in their own client: no server does it for them."""
        if not muted or peer not in self._roster.peers(room):
            self._muted.discard((room, peer))
        elif self.capabilities.mute:
            self._muted.add((room, peer))
            self._silence(room, peer)

    async def leave(self, room: RoomKey, peer: PeerKey, session: str | None = None) -> bool:
        if session is not None:
            return False  # sessions with names come from answers to offers
        events = self._roster.ended(room, peer)
        self._expel(room, peer)
        self._tell(events)
        return bool(events)

    async def leave_person(self, room: RoomKey, person: str) -> None:
        for peer in self._roster.peers(room):
            if peer.startswith(f"{person}:"):
                await self.leave(room, peer)
        # And those that only the server knows of, so far.
        self._errands.ask(
            ("remove person", room, person), lambda: self._remote.remove_person(room, person)
        )

    async def close_room(self, room: RoomKey) -> None:
        for peer in self._roster.peers(room):
            self._remember(room, peer)
        self._errands.ask(("close", room), lambda: self._remote.close_room(room))
        self._tell(self._roster.closed(room))

    def _expel(self, room: RoomKey, peer: PeerKey) -> None:
        self._remember(room, peer)
        self._errands.ask(("remove", room, peer), lambda: self._remote.remove(room, peer))

    def _remember(self, room: RoomKey, peer: PeerKey) -> None:
        self._expelled.pop((room, peer), None)
        self._expelled[room, peer] = self._clock() + EXPELLED_FOR
        if len(self._expelled) > EXPELLED_MOST:
            del self._expelled[next(iter(self._expelled))]

    def _silence(self, room: RoomKey, peer: PeerKey) -> None:
        async def silence() -> None:
            if (room, peer) in self._muted:
                await self._remote.silence(room, peer)

        self._errands.ask(("silence", room, peer), silence)

    # ------------------------------------------------------------------------- what the server says

    async def hear(self, authorization: str, body: bytes) -> None:
        fact = self._remote.read(authorization, body)
        if fact is not None:
            self._take(fact)

    def _take(self, fact: r.Fact) -> None:
        roster, now = self._roster, self._clock()
        match fact:
            case r.Joined(room, peer, role, session):
                if self._may_stay(room, peer):
                    self._tell(roster.joined(room, peer, role, session, now))
            case r.Published(room, peer, session):
                known = roster.role(room, peer)
                if known is None:
                    self._look.set()
                elif self._may_stay(room, peer):
                    self._tell(roster.published(room, peer, known, session, now))
                    self._keep_silent(room, peer)
            case r.Left(room, peer, session, reason):
                self._tell(roster.left(room, peer, session, reason))
            case r.RoomClosed(room):
                self._tell(roster.closed(room))
            case r.Look():
                self._look.set()

    def _may_stay(self, room: RoomKey, peer: PeerKey) -> bool:
        """Not who was sent away and came back with the token of before."""
        if self._expelled.get((room, peer), 0.0) <= self._clock():
            return True
        self._expel(room, peer)
        return False

    def _keep_silent(self, room: RoomKey, peer: PeerKey) -> None:
        if (room, peer) in self._muted:
            self._silence(room, peer)

    async def reconcile(self) -> None:
        """Do what could not be done, then believe the server's list."""
        await self._errands.again()
        asked_at = self._clock()
        try:
            found = await self._remote.rooms()
        except WaguError as error:
            log.info("= no list of the media server", code=error.code)
            return
        self._pause = max(self._every, A_ROOM * len(found))
        staying = {
            room: [one for one in peers if self._may_stay(room, one.peer)]
            for room, peers in found.items()
        }
        self._tell(self._roster.listed(staying, asked_at, self._clock()))
        for room, peers in staying.items():
            for one in peers:
                if one.audible:
                    self._keep_silent(room, one.peer)
        self._forget(self._clock())

    def _forget(self, now: float) -> None:
        there = {(room, peer) for room, peer, _ in self._roster.everyone()}
        self._muted &= there
        for key in [key for key, until in self._expelled.items() if until <= now]:
            del self._expelled[key]

    async def _reconcile_forever(self) -> None:
        while True:
            try:
                await self.reconcile()
            except Exception:
                log.exception("x failed", what="reconcile")
            with suppress(TimeoutError):
                async with asyncio.timeout(self._pause):
                    await self._look.wait()
            self._look.clear()

    def _tell(self, events: Iterable[MediaEvent]) -> None:
        for event in events:
            for listener in self._listeners:
                listener(event)

    # ----------------------------------------------------------------------- what is not done there

    async def record(self, room: RoomKey, folder: Path, limits: RecordingLimits) -> None:
        log.warning("x no recording: the media server is elsewhere")

    async def stop_recording(self, room: RoomKey) -> None: ...

    def on_stage(self, room: RoomKey) -> tuple[PeerKey | None, ...]:
        return self._roster.places(room)

    def snapshot(self, room: RoomKey) -> Snapshot | None:
        return None

    def has_room(self, room: RoomKey) -> bool:
        return bool(self._roster.peers(room))

    def viewers(self, room: RoomKey) -> int:
        return self._roster.count(room, "watch")

    def has_hls(self, room: RoomKey) -> bool:
        return False

    async def hls_playlist(self, room: RoomKey, segment: int | None, part: int | None) -> str:
        raise no_hls()

    async def hls_file(self, room: RoomKey, name: str) -> bytes:
        raise NotFound("media.no_segment", "방송의 그 부분은 없어요.")

    def stats(self) -> dict[str, Any]:
        """As the embedded SFU's, as far as it is known here: no figure of any stream."""
        rooms: dict[str, Any] = {}
        for room, peer, role in self._roster.everyone():
            at = rooms.setdefault(room, {"label": label_of(room), "peers": {}})
            at["peers"][peer] = {"role": role, "publishes": [], "receives": []}
        return {**self._remote.figures(), "errands": len(self._errands), "rooms": rooms}
