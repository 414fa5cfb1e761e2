"""The ballot of a room: wagu.domain.ballot behind one key per room, every change atomic."""

from __future__ import annotations

from typing import Protocol

from wagu.domain.ballot import BallotView, Mine, Nomination, NomineeId
from wagu.domain.person import PersonId
from wagu.ephemeral.store import BallotStore, ValueStore

TTL = 2 * 3600.0
"""Twice the life of an unused share map, and touched with it: the map always goes first."""


class _Store(ValueStore, BallotStore, Protocol):
    pass


class Ballots:
    """Errors: those of wagu.domain.ballot."""

    def __init__(self, store: _Store, ttl: float = TTL) -> None:
        self._store = store
        self._ttl = ttl

    async def view(self, room: str) -> BallotView:
        return await self._store.ballot(_key(room))

    async def mine(self, room: str, person: PersonId) -> Mine:
        return await self._store.mine(_key(room), person)

    async def nominate(self, room: str, nomination: Nomination) -> BallotView:
        return await self._store.nominate(_key(room), nomination, self._ttl)

    async def withdraw(
        self, room: str, nominee: NomineeId, by: PersonId, *, host: bool
    ) -> BallotView:
        return await self._store.withdraw(_key(room), nominee, by, host=host, ttl=self._ttl)

    async def vote(self, room: str, person: PersonId, nominee: NomineeId, *, on: bool) -> Mine:
        return await self._store.vote(_key(room), person, nominee, on=on, ttl=self._ttl)

    async def set_done(self, room: str, person: PersonId, *, on: bool) -> BallotView:
        return await self._store.set_done(_key(room), person, on=on, ttl=self._ttl)

    async def close(self, room: str) -> BallotView:
        """By the host; closing twice closes once."""
        return await self._store.close_ballot(_key(room), None, self._ttl)

    async def close_if_done(self, room: str, present: frozenset[PersonId]) -> BallotView:
        """Closed only if at that moment everyone in `present` is done."""
        return await self._store.close_ballot(_key(room), present, self._ttl)

    async def next_round(self, room: str, keep: frozenset[NomineeId]) -> BallotView:
        return await self._store.next_round(_key(room), keep, self._ttl)

    async def touch(self, room: str) -> None:
        await self._store.touch(_key(room), self._ttl)

    async def forget(self, room: str) -> None:
        await self._store.delete(_key(room))


def _key(room: str) -> str:
    return f"ballot/{room}"
