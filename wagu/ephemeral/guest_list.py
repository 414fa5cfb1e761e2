"""Who is invited to a live's stage: one value a room, which lives as long as the room.

A restart of the server forgets nobody, and a ticket opens nothing for who is not on the list.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from wagu.domain import stage as rules
from wagu.domain.person import PersonRef
from wagu.domain.stage import Guests
from wagu.ephemeral.store import ValueStore

TTL = 2 * 3600.0


class GuestList:
    """What changes it answers with the guests as they are then."""

    def __init__(self, store: ValueStore, ttl: float = TTL) -> None:
        self._store = store
        self._ttl = ttl

    async def all(self, room: str) -> Guests:
        _, guests = await self._read(room)
        return guests

    async def check(self, room: str, person: str) -> None:
        """Whether they may send. Errors: Forbidden stage.not_invited."""
        guest = rules.find(await self.all(room), person)
        if guest is None or not guest.accepted:
            raise rules.not_invited()

    async def invite(self, room: str, person: PersonRef) -> Guests:
        """Errors: Conflict stage.full."""
        return await self._change(room, lambda guests: rules.invite(guests, person))

    async def accept(self, room: str, person: str) -> Guests:
        """Errors: Forbidden stage.not_invited."""
        return await self._change(room, lambda guests: rules.accept(guests, person))

    async def remove(self, room: str, person: str) -> Guests:
        """Idempotent."""
        return await self._change(room, lambda guests: rules.without(guests, person))

    async def touch(self, room: str) -> None:
        await self._store.touch(_key(room), self._ttl)

    async def forget(self, room: str) -> None:
        await self._store.delete(_key(room))

    async def _read(self, room: str) -> tuple[str | None, Guests]:
        text = await self._store.get(_key(room))
        return text, () if text is None else msgspec.json.decode(text, type=Guests)

    async def _change(self, room: str, change: Callable[[Guests], Guests]) -> Guests:
        while True:
            text, before = await self._read(room)
            after = change(before)
            if after == before:
                return before
            changed = msgspec.json.encode(after).decode()
            if await self._store.swap(_key(room), text, changed, self._ttl):
                return after


def _key(room: str) -> str:
    return f"stage/{room}"
