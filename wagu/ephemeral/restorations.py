"""Who just signed in to a closed account may open it again, for ten minutes, in one browser."""

from __future__ import annotations

import secrets
from hashlib import sha256

from wagu.domain.person import MemberId
from wagu.ephemeral.store import ValueStore

COOKIE = "wagu_restore"
TTL = 600.0


class Restorations:
    def __init__(self, store: ValueStore) -> None:
        self._store = store

    async def issue(self, member_id: MemberId) -> str:
        """The token goes into a cookie and nowhere else."""
        token = secrets.token_urlsafe(32)
        await self._store.put(_key(token), str(member_id), TTL)
        return token

    async def take(self, token: str) -> MemberId | None:
        """Whose account it opens; once."""
        text = await self._store.get(_key(token))
        if not text or not await self._store.swap(_key(token), text, "", TTL):
            return None
        return MemberId(int(text))


def _key(token: str) -> str:
    return "restoration/" + sha256(token.encode()).hexdigest()
