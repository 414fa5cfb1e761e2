"""Who is banned from a room: one value a room, which lives as long as the room.

`check` is asked at every door: the WebSocket's, and those of WHIP and WHEP.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from wagu.domain import ban as rules
from wagu.domain.ban import Ban, Bans
from wagu.domain.person import Person
from wagu.ephemeral.sessions import Sessions
from wagu.ephemeral.store import ValueStore

TTL = 2 * 3600.0
"""Twice the life of an unused share map, and touched with it: the map always goes first."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Someone at a door. `network` is where they come from, None when nobody asks; `token` that of
    their session, None without one."""

    person: Person
    network: str | None = None
    token: str | None = None


class BanList:
    def __init__(self, store: ValueStore, sessions: Sessions, ttl: float = TTL) -> None:
        self._store = store
        self._sessions = sessions
        self._ttl = ttl

    async def check(self, room: str, visitor: Visitor) -> None:
        """Errors: Forbidden room.banned, room.network_banned."""
        _, bans = await self._read(room)
        if not bans:
            return
        if rules.names(bans, visitor.person.id):
            raise rules.banned()
        if visitor.person.kind != "member":
            await self._check_network(bans, visitor)

    async def _check_network(self, bans: Bans, visitor: Visitor) -> None:
        """Who was somebody before the ban is not the one who was banned."""
        since = rules.since(bans, visitor.network)
        if since is None:
            return
        token = visitor.token
        started = None if token is None else await self._sessions.started_at(token)
        if started is None or started >= since:
            raise rules.network_banned()

    async def all(self, room: str) -> Bans:
        _, bans = await self._read(room)
        return bans

    async def add(self, room: str, ban: Ban) -> Bans:
        """All that are banned now. Errors: Conflict room.bans_full."""
        return await self._change(room, lambda bans: rules.with_ban(bans, ban))

    async def lift(self, room: str, person: str) -> Bans:
        """Idempotent."""
        return await self._change(room, lambda bans: rules.without(bans, person))

    async def touch(self, room: str) -> None:
        await self._store.touch(_key(room), self._ttl)

    async def forget(self, room: str) -> None:
        await self._store.delete(_key(room))

    async def _read(self, room: str) -> tuple[str | None, Bans]:
        text = await self._store.get(_key(room))
        return text, () if text is None else msgspec.json.decode(text, type=Bans)

    async def _change(self, room: str, change: Callable[[Bans], Bans]) -> Bans:
        while True:
            text, before = await self._read(room)
            after = change(before)
            if after == before:
                return before
            changed = msgspec.json.encode(after).decode()
            if await self._store.swap(_key(room), text, changed, self._ttl):
                return after


def _key(room: str) -> str:
    return f"bans/{room}"
