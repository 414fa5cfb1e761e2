"""Sessions: an opaque token in a cookie stands for a person. Only its SHA-256 is stored.

A member's sessions are listed under the member, so that a new password can end the others. The list
only ever names too many: an entry without a session is nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from hashlib import sha256

import msgspec

from wagu.domain.person import Person, PersonId
from wagu.ephemeral.store import Clock, ValueStore

COOKIE = "wagu_session"
TTL = 30 * 86_400.0
GUEST_TTL = 3600.0
"""Of a guest who has not been in a room: whoever asks for names and goes holds no key for a month.
"""
SLIDE_EVERY = 86_400.0
"""A session in use is written once a day, not once a request."""

SESSIONS_MAX = 50
"""Of one member: one more, and the session that would have ended first ends now."""


LONGEST_TOKEN = 128


def is_token(text: str) -> bool:
    """Whether it can be one. Bytes of a cookie that are not ASCII arrive as lone surrogates, which
    nothing can hash."""
    return text.isascii() and 0 < len(text) <= LONGEST_TOKEN


class _Session(msgspec.Struct, frozen=True):
    person: Person
    ttl: float
    slid_at: float
    started_at: float = 0.0


_Listed = dict[str, float]
"""Digest of the token → when that session expires, if it is not used."""


class Sessions:
    def __init__(self, store: ValueStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def start(self, person: Person, *, ttl: float | None = None) -> str:
        """Begin a session; the token goes into the cookie and nowhere else. Without a `ttl` a
        guest's is short until `keep`."""
        token, now = secrets.token_urlsafe(32), self._clock()
        if ttl is None:
            ttl = GUEST_TTL if person.kind == "guest" else TTL
        digest = _digest(token)
        await self._list(person, digest, ttl)
        await self._store.put(_key(digest), _encode(_Session(person, ttl, now, now)), ttl)
        if person.kind == "member" and digest not in await self._listed(person.id):
            await self._store.delete(_key(digest))  # `end_others` came in between: it means us too
        return token

    async def resolve(self, token: str) -> Person | None:
        """Who this is; None if the session is unknown, expired or ended, or if this is no token."""
        if not is_token(token):
            return None
        digest = _digest(token)
        text = await self._store.get(_key(digest))
        if text is None:
            return None
        session = msgspec.json.decode(text, type=_Session)
        now = self._clock()
        if now - session.slid_at >= min(SLIDE_EVERY, session.ttl / 2):
            slid = _encode(msgspec.structs.replace(session, slid_at=now))
            # A swap: a session that ends or is replaced meanwhile must not come back.
            if await self._store.swap(_key(digest), text, slid, session.ttl):
                await self._list(session.person, digest, session.ttl)
        return session.person

    async def keep(self, token: str) -> None:
        """Somebody was in a room with it: it lives for 30 days without use. Idempotent."""
        key = _key(_digest(token))
        while (text := await self._store.get(key)) is not None:
            session = msgspec.json.decode(text, type=_Session)
            if session.ttl >= TTL:
                return
            kept = msgspec.structs.replace(session, ttl=TTL, slid_at=self._clock())
            if await self._store.swap(key, text, _encode(kept), TTL):
                await self._list(session.person, _digest(token), TTL)
                return

    async def started_at(self, token: str) -> float | None:
        """When its person signed in with it; None as in `resolve`."""
        text = await self._store.get(_key(_digest(token)))
        return None if text is None else msgspec.json.decode(text, type=_Session).started_at

    async def replace(self, token: str, person: Person) -> None:
        """Let a living session stand for `person` from now on (a guest who renames)."""
        await self._replace(_digest(token), person)

    async def update(self, person: Person) -> None:
        """Let all sessions of a member know the new name or rights."""
        for digest in await self._listed(person.id):
            await self._replace(digest, person)

    async def end(self, token: str) -> None:
        """Idempotent."""
        digest = _digest(token)
        text = await self._store.get(_key(digest))
        await self._store.delete(_key(digest))
        if text is not None:
            person = msgspec.json.decode(text, type=_Session).person
            await self._relist(person, lambda listed: _without(listed, digest))

    async def end_others(self, person: Person, keep: str | None) -> None:
        """End all sessions of a member but the one of the token `keep`."""
        kept = None if keep is None else _digest(keep)
        ended = await self._relist(
            person, lambda listed: {one: until for one, until in listed.items() if one == kept}
        )
        for digest in ended:
            await self._store.delete(_key(digest))

    async def _replace(self, digest: str, person: Person) -> None:
        while (text := await self._store.get(_key(digest))) is not None:
            session = msgspec.json.decode(text, type=_Session)
            changed = msgspec.structs.replace(session, person=person, slid_at=self._clock())
            if await self._store.swap(_key(digest), text, _encode(changed), session.ttl):
                await self._list(person, digest, session.ttl)
                return

    async def _list(self, person: Person, digest: str, ttl: float) -> None:
        now = self._clock()
        excess: list[str] = []

        def add(listed: _Listed) -> _Listed:
            alive = {one: until for one, until in listed.items() if until > now}
            ranked = sorted((alive | {digest: now + ttl}).items(), key=lambda entry: entry[1])
            excess[:] = [one for one, _ in ranked[:-SESSIONS_MAX]]
            return dict(ranked[-SESSIONS_MAX:])

        await self._relist(person, add)
        for one in excess:
            await self._store.delete(_key(one))

    async def _listed(self, person_id: PersonId) -> _Listed:
        text = await self._store.get(_list_key(person_id))
        return {} if text is None else msgspec.json.decode(text, type=_Listed)

    async def _relist(self, person: Person, change: Callable[[_Listed], _Listed]) -> list[str]:
        """What the change took off the list. Guests and viewers have one session and no list."""
        if person.kind != "member":
            return []
        key = _list_key(person.id)
        while True:
            text = await self._store.get(key)
            before: _Listed = {} if text is None else msgspec.json.decode(text, type=_Listed)
            after = change(before)
            if after == before:
                return []
            ttl = max((until - self._clock() for until in after.values()), default=1.0)
            if await self._store.swap(
                key, text, msgspec.json.encode(after).decode(), max(ttl, 1.0)
            ):
                return [one for one in before if one not in after]


def _without(listed: Mapping[str, float], digest: str) -> _Listed:
    return {one: until for one, until in listed.items() if one != digest}


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _key(digest: str) -> str:
    return "session/" + digest


def _list_key(person_id: PersonId) -> str:
    return f"sessions-of/{person_id}"


def _encode(session: _Session) -> str:
    return msgspec.json.encode(session).decode()
