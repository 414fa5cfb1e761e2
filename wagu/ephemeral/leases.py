"""Leases: which node has something (a room, say) to itself, and who that is for all others.

Held for as long as the holder says so: whoever has not renewed for `ttl` seconds has lost it, also
where nobody else has taken it since. How to wait for one's turn is in locks.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from wagu.ephemeral.store import HoldStore

TTL = 5.0
"""Seconds without renewal until somebody else may have it: so long a dead node's rooms are away."""
RENEW_EVERY = TTL / 4
"""Two renewals may fail before the third comes too late."""


@dataclass(frozen=True, slots=True)
class Lease:
    """`fence` grows with each new holding of this name: what carries an older one is from somebody
    who has lost it and may not know yet."""

    name: str
    holder: str
    fence: int


class Leases:
    """Of one holder. Its name is that of one life of a process: who comes back under the same name
    has what it had before, by the same fence."""

    def __init__(self, store: HoldStore, holder: str, ttl: float = TTL) -> None:
        self._store = store
        self._holder = holder
        self._ttl = ttl

    async def take(self, name: str) -> Lease:
        """Mine if it was free, or mine already (and then renewed); else as it is, somebody's."""
        hold = await self._store.hold(_key(name), self._holder, self._ttl)
        return Lease(name, hold.owner, hold.fence)

    async def holder(self, name: str) -> str | None:
        hold = await self._store.held(_key(name))
        return None if hold is None else hold.owner

    async def renew(self, names: Iterable[str]) -> frozenset[str]:
        """Those that are still mine, all in one round trip; the others are lost, and `take` may
        bring one back by a new fence. The safe count of `ttl` begins before this was asked: an
        answer may take longer than a lease."""
        keys = {_key(name): name for name in names}
        if not keys:
            return frozenset()
        still = await self._store.prolong(keys, self._holder, self._ttl)
        return frozenset(keys[key] for key in still)

    async def release(self, name: str) -> None:
        """Only what is mine; idempotent."""
        await self._store.let_go(_key(name), self._holder)


def _key(name: str) -> str:
    return f"lease/{name}"
