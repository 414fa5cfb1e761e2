"""The seam of the ephemeral store: small values, short logs, ballots and holds that expire.

Memory (with a journal on disk) and Redis implement it; one contract suite runs over both. Every
operation is atomic and touches one key (`prolong`: each key by itself). A key belongs to one kind:
value, log, ballot, hold or fenced value.
Errors: Unavailable("store.unavailable") when the store cannot answer, Unavailable("store.full")
when memory has no room left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from wagu.domain.ballot import BallotView, Mine, Nomination, NomineeId
from wagu.domain.person import PersonId
from wagu.errors import Unavailable

Clock = Callable[[], float]
"""Seconds since the Unix epoch."""


def unavailable() -> Unavailable:
    return Unavailable("store.unavailable", "잠시 저장소에 닿지 않아요. 곧 다시 시도해 주세요.")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a log. Numbers start at 1 and are not reused while the log lives."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Counted:
    """A count, and the seconds until it is forgotten and begins anew."""

    total: int
    left: float


@dataclass(frozen=True, slots=True)
class Hold:
    """Who has a key to themselves. `fence` grows with each new holding of that key, and goes on
    growing whatever expired, was let go or was lost by a store that forgets."""

    owner: str
    fence: int


@dataclass(frozen=True, slots=True)
class Appended:
    """`fresh` is false when `once` was there already; then `line` is the one of that time."""

    line: Line
    fresh: bool


class ValueStore(Protocol):
    """Texts under keys. `ttl` is in seconds and counts anew with every write."""

    async def get(self, key: str) -> str | None: ...

    async def put(self, key: str, value: str, ttl: float) -> None: ...

    async def swap(self, key: str, expected: str | None, value: str, ttl: float) -> bool:
        """Write only if the key still holds `expected` (None: nothing). Says whether it did."""

    async def delete(self, key: str) -> None:
        """Of any kind; idempotent."""

    async def touch(self, key: str, ttl: float) -> None:
        """Let a key of any kind live for `ttl` from now; unknown keys are ignored."""


class CountStore(Protocol):
    """Whole numbers in windows of time: unlike all else, a count's `ttl` begins with its first
    write and is not moved by later ones. A count is a value: `get` shows its digits."""

    async def increment(self, key: str, by: int, ttl: float) -> Counted:
        """Add `by`, which may be negative, to what is there; nothing counts as 0."""


class LogStore(Protocol):
    """The newest lines of something; no line is empty, but one that was erased."""

    async def append(self, key: str, text: str, *, once: str, keep: int, ttl: float) -> Appended:
        """Add a line unless one with the same `once` is among the newest `keep`."""

    async def erase(self, key: str, number: int, ttl: float) -> bool:
        """Take back a line: `tail` leaves it out, while its number and its `once` stay taken, and
        an `append` that comes again finds it without text. False when there is no such line."""

    async def tail(self, key: str) -> tuple[Line, ...]:
        """The lines that are kept, oldest first."""


class BallotStore(Protocol):
    """Ballots by the rules of wagu.domain.ballot, whose errors are raised. An unknown ballot is a
    new one. Views come back after the change they were asked for, `version` orders them.
    """

    async def ballot(self, key: str) -> BallotView: ...

    async def mine(self, key: str, person: PersonId) -> Mine: ...

    async def nominate(self, key: str, nomination: Nomination, ttl: float) -> BallotView: ...

    async def withdraw(
        self, key: str, nominee: NomineeId, by: PersonId, *, host: bool, ttl: float
    ) -> BallotView: ...

    async def vote(
        self, key: str, person: PersonId, nominee: NomineeId, *, on: bool, ttl: float
    ) -> Mine: ...

    async def set_done(self, key: str, person: PersonId, *, on: bool, ttl: float) -> BallotView: ...

    async def close_ballot(
        self, key: str, present: frozenset[PersonId] | None, ttl: float
    ) -> BallotView: ...

    async def next_round(self, key: str, keep: frozenset[NomineeId], ttl: float) -> BallotView: ...


FENCE_KEPT = 3600.0
"""Seconds a fence is remembered for after its hold. A later one begins at the store's clock in ms,
so only a clock that is set back by more than this could make a fence come twice."""


class HoldStore(Protocol):
    """Keys that one owner at a time has, for `ttl` seconds from the last time they said so."""

    async def hold(self, key: str, owner: str, ttl: float) -> Hold:
        """Whoever has the key now: `owner` if it was free, or theirs already (then for `ttl` from
        now, by the same fence)."""

    async def held(self, key: str) -> Hold | None: ...

    async def prolong(self, keys: Iterable[str], owner: str, ttl: float) -> frozenset[str]:
        """Which of them `owner` still has, and from now on for `ttl`; in one round trip. What has
        expired is not prolonged, even where nobody else has it."""

    async def let_go(self, key: str, owner: str) -> bool:
        """Free the key if `owner` still has it; says whether that was so."""

    async def put_fenced(self, key: str, value: str, fence: int, ttl: float) -> bool:
        """Write unless somebody with a later fence has written; says whether it did."""

    async def get_fenced(self, key: str) -> str | None: ...


class EphemeralStore(ValueStore, CountStore, LogStore, BallotStore, HoldStore, Protocol):
    async def start(self) -> None: ...

    async def close(self) -> None: ...

    async def ping(self) -> None:
        """Raise Unavailable if the store does not answer."""
