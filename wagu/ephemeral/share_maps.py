"""Shared maps: a link that lives for an hour without use, and a tombstone that says why not."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

import msgspec

from wagu.domain.person import Person, PersonId, PersonRef
from wagu.ephemeral.store import Clock, LogStore, ValueStore
from wagu.errors import Gone, NotFound, Unavailable

__all__ = ["PersonRef", "ShareMap", "ShareMaps"]

TTL = 3600.0
TOMBSTONE = 7 * 86_400.0
"""How long the page of a dead link can still tell whether it expired or was ended."""
TOUCH_EVERY = 30.0
HOSTED_MAX = 50
"""Open maps of one host that are listed; older ones still work."""


class _Store(ValueStore, LogStore, Protocol):
    pass


@dataclass(frozen=True, slots=True)
class ShareMap:
    """Times are seconds since the Unix epoch."""

    id: str
    title: str
    host: PersonRef
    require_account: bool
    created_at: float
    last_used: float
    ended_at: float | None = None
    ttl: float = TTL

    @property
    def expires_at(self) -> float:
        return self.last_used + self.ttl


class ShareMaps:
    def __init__(self, store: _Store, clock: Clock, ttl: float = TTL) -> None:
        self._store = store
        self._clock = clock
        self._ttl = ttl

    async def create(self, host: Person, title: str, require_account: bool) -> ShareMap:
        now = self._clock()
        share_map = ShareMap(
            id=secrets.token_urlsafe(16),
            title=title,
            host=PersonRef(host.id, host.name),
            require_account=require_account,
            created_at=now,
            last_used=now,
            ttl=self._ttl,
        )
        await self._store.put(_key(share_map.id), _encode(share_map), self._kept_for)
        await self._store.append(
            _hosted(host.id), share_map.id, once=share_map.id, keep=HOSTED_MAX, ttl=self._kept_for
        )
        return share_map

    async def get(self, map_id: str) -> ShareMap:
        """Errors: NotFound share_map.unknown, Gone share_map.ended, Gone share_map.expired."""
        _, share_map = await self._load(map_id)
        return share_map

    async def recall(self, map_id: str) -> ShareMap:
        """Whatever became of it. Errors: NotFound share_map.unknown."""
        _, share_map = await self._read(map_id)
        return share_map

    async def touch(self, map_id: str) -> ShareMap:
        """Count this moment as use. Writes at most every 30 s. Errors as in `get`."""

        def used(share_map: ShareMap) -> ShareMap:
            now = self._clock()
            if now - share_map.last_used < TOUCH_EVERY:
                return share_map
            return replace(share_map, last_used=now)

        before, after = await self._change(map_id, used)
        if after is not before:
            await self._store.touch(_hosted(after.host.id), self._kept_for)
        return after

    async def end(self, map_id: str) -> None:
        """Idempotent: a store that lost its answer may have ended it already, and whoever asked has
        yet to tell the room. Errors: NotFound share_map.unknown, Gone share_map.expired."""
        try:
            await self._end(map_id)
        except Unavailable:
            if not await self._has_ended(map_id):
                raise

    async def _end(self, map_id: str) -> None:
        try:
            await self._change(map_id, lambda share_map: replace(share_map, ended_at=self._clock()))
        except Gone as gone:
            if gone.code != "share_map.ended":
                raise

    async def _has_ended(self, map_id: str) -> bool:
        text = await self._store.get(_key(map_id))
        return text is not None and _decode(text).ended_at is not None

    async def hosted_by(self, person_id: PersonId) -> list[ShareMap]:
        """The open ones, newest first."""
        open_ones = []
        for line in reversed(await self._store.tail(_hosted(person_id))):
            try:
                open_ones.append(await self.get(line.text))
            except (NotFound, Gone):
                continue
        return sorted(open_ones, key=lambda each: each.created_at, reverse=True)

    @property
    def _kept_for(self) -> float:
        return self._ttl + TOMBSTONE

    async def _load(self, map_id: str) -> tuple[str, ShareMap]:
        text, share_map = await self._read(map_id)
        if share_map.ended_at is not None:
            raise Gone("share_map.ended", "방장이 지도를 닫았어요.")
        if self._clock() >= share_map.expires_at:
            raise Gone("share_map.expired", "한동안 아무도 쓰지 않아서 지도가 닫혔어요.")
        return text, share_map

    async def _read(self, map_id: str) -> tuple[str, ShareMap]:
        text = await self._store.get(_key(map_id))
        if text is None:
            raise NotFound("share_map.unknown", "그런 지도는 없어요. 링크를 다시 확인해 주세요.")
        return text, _decode(text)

    async def _change(
        self, map_id: str, change: Callable[[ShareMap], ShareMap]
    ) -> tuple[ShareMap, ShareMap]:
        """Swap rather than put: a touch must not revive what `end` closed meanwhile."""
        while True:
            text, before = await self._load(map_id)
            after = change(before)
            if after is before or await self._store.swap(
                _key(map_id), text, _encode(after), self._kept_for
            ):
                return before, after


def _key(map_id: str) -> str:
    return f"share_map/{map_id}"


def _hosted(person_id: PersonId) -> str:
    return f"hosted/{person_id}"


def _decode(text: str) -> ShareMap:
    return msgspec.json.decode(text, type=ShareMap)


def _encode(share_map: ShareMap) -> str:
    return msgspec.json.encode(share_map).decode()
