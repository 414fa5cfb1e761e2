"""The chat of a room: its newest 200 lines, each with a number that never repeats."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import msgspec

from wagu.domain.person import PersonRef
from wagu.ephemeral.store import Line, LogStore, ValueStore
from wagu.errors import Gone

KEPT = 200
TTL = 2 * 3600.0
"""Twice the life of an unused share map, and touched with it: the map always goes first."""


class _Store(ValueStore, LogStore, Protocol):
    pass


class _Stored(msgspec.Struct, frozen=True):
    author: PersonRef
    text: str
    at: float


@dataclass(frozen=True, slots=True)
class ChatLine:
    """`at` is in seconds since the Unix epoch."""

    number: int
    author: PersonRef
    text: str
    at: float


class Chats:
    def __init__(self, store: _Store, ttl: float = TTL) -> None:
        self._store = store
        self._ttl = ttl

    async def say(
        self, room: str, author: PersonRef, text: str, nonce: str, now: float
    ) -> tuple[ChatLine, bool]:
        """The line as it is kept, and whether it is new: one person's nonce is kept once.

        Errors: Gone chat.deleted, for one that was said before and erased since.
        """
        stored = msgspec.json.encode(_Stored(author, text, now)).decode()
        appended = await self._store.append(
            _key(room), stored, once=f"{author.id} {nonce}", keep=KEPT, ttl=self._ttl
        )
        if not appended.line.text:
            raise Gone("chat.deleted", "지워진 말이에요.")
        return _read(appended.line), appended.fresh

    async def erase(self, room: str, number: int) -> bool:
        """Whether there was such a line."""
        return await self._store.erase(_key(room), number, self._ttl)

    async def recent(self, room: str) -> list[ChatLine]:
        """Oldest first."""
        return [_read(line) for line in await self._store.tail(_key(room))]

    async def touch(self, room: str) -> None:
        await self._store.touch(_key(room), self._ttl)

    async def forget(self, room: str) -> None:
        await self._store.delete(_key(room))


def _key(room: str) -> str:
    return f"chat/{room}"


def _read(line: Line) -> ChatLine:
    stored = msgspec.json.decode(line.text, type=_Stored)
    return ChatLine(line.number, stored.author, stored.text, stored.at)
