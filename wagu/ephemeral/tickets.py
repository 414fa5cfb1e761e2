"""Tickets: short-lived bearer tokens that let one peer publish or watch one live.

Only the SHA-256 of a token is stored.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

import msgspec

from wagu.domain.person import Person
from wagu.ephemeral.store import ValueStore


@dataclass(frozen=True, slots=True)
class TicketClaims:
    """What the bearer may do: `room` is the media room (`live/<id>`), `peer` its peer key."""

    room: str
    role: Literal["publish", "guest", "watch"]
    person: Person
    peer: str


class Tickets:
    def __init__(self, store: ValueStore) -> None:
        self._store = store

    async def issue(self, claims: TicketClaims, ttl: float) -> str:
        token = secrets.token_urlsafe(32)
        await self._store.put(_key(token), msgspec.json.encode(claims).decode(), ttl)
        return token

    async def resolve(self, token: str) -> TicketClaims | None:
        """May be asked any number of times while it lives: a publisher reconnects with it."""
        text = await self._store.get(_key(token))
        return None if text is None else msgspec.json.decode(text, type=TicketClaims)


def _key(token: str) -> str:
    return "ticket/" + sha256(token.encode()).hexdigest()
