"""Allowances: how often a member may have something that costs the host money, per day.

A day begins with the first use, so nobody's is over in the middle of an evening by the clock.
"""

from __future__ import annotations

from wagu.domain.person import MemberId
from wagu.ephemeral.store import CountStore

DAY = 86_400.0


class Allowances:
    """Counts uses of one kind, `what`: it names the keys."""

    def __init__(self, store: CountStore, what: str, daily: int) -> None:
        self._store = store
        self._what = what
        self._daily = daily

    async def take(self, member: MemberId) -> float | None:
        """Count one use: None, or the seconds until there is one again."""
        used = await self._store.increment(self._key(member), 1, DAY)
        if used.total <= self._daily:
            return None
        await self.give_back(member)
        return used.left

    async def give_back(self, member: MemberId) -> None:
        """Of a use that came to nothing, and not by the member's doing."""
        returned = await self._store.increment(self._key(member), -1, DAY)
        if returned.total < 0:  # the day was over in between
            await self._store.increment(self._key(member), 1, DAY)

    def _key(self, member: MemberId) -> str:
        return f"allowance/{self._what}/{member}"
