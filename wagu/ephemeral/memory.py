"""The store of a single process: a dict with expiry, and a journal that survives it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import msgspec
import structlog

from wagu.domain.ballot import Ballot, BallotView, Mine, Nomination, NomineeId
from wagu.domain.person import PersonId
from wagu.ephemeral import operations as op
from wagu.ephemeral.journal import Journal
from wagu.ephemeral.store import FENCE_KEPT, Appended, Clock, Counted, Hold, Line
from wagu.errors import Unavailable, WaguError

log = structlog.get_logger("wagu.ephemeral.memory")

KEYS_MAX = 200_000
"""Beyond this, new keys are refused: dropping somebody's session or vote would be worse."""
SWEEP_EVERY = 30.0


@dataclass(frozen=True, slots=True)
class _Entry:
    value: op.Value
    until: float


class MemoryStore:
    def __init__(
        self, clock: Clock, journal: Journal | None = None, *, keys_max: int = KEYS_MAX
    ) -> None:
        self._clock = clock
        self._journal = journal
        self._keys_max = keys_max
        self._entries: dict[str, _Entry] = {}
        self._sweeper: asyncio.Task[None] | None = None
        self._compaction: asyncio.Task[None] | None = None
        self._encode = msgspec.json.Encoder().encode

    async def start(self) -> None:
        if self._journal is not None:
            self._journal.open(self._replay)
            self._journal.rewrite(self._lines())
            log.info("= journal replayed", keys=len(self._entries))
        self._sweeper = asyncio.create_task(self._sweep_forever())

    async def close(self) -> None:
        if self._sweeper is not None:
            self._sweeper.cancel()
            await asyncio.gather(self._sweeper, return_exceptions=True)
            self._sweeper = None
        await self.settle()
        if self._journal is not None:
            self._journal.close()

    async def settle(self) -> None:
        """Until no compaction is under way."""
        if self._compaction is not None:
            await asyncio.gather(self._compaction, return_exceptions=True)

    async def ping(self) -> None:
        return

    # ------------------------------------------------------------------------------------ values

    async def get(self, key: str) -> str | None:
        return op.as_text(self._held(key, self._clock()))

    async def put(self, key: str, value: str, ttl: float) -> None:
        now = self._clock()
        self._do(op.Put(now, key, now + ttl, value))

    async def swap(self, key: str, expected: str | None, value: str, ttl: float) -> bool:
        now = self._clock()
        if op.as_text(self._held(key, now)) != expected:
            return False
        self._do(op.Put(now, key, now + ttl, value))
        return True

    async def delete(self, key: str) -> None:
        now = self._clock()
        self._do(op.Delete(now, key, now))

    async def touch(self, key: str, ttl: float) -> None:
        now = self._clock()
        self._do(op.Touch(now, key, now + ttl))

    async def increment(self, key: str, by: int, ttl: float) -> Counted:
        now = self._clock()
        entry = self._entries.get(key)
        until = now + ttl if entry is None or entry.until <= now else entry.until
        total = op.as_text(self._do(op.Increment(now, key, until, by)))
        return Counted(int(total or "0"), until - now)

    # -------------------------------------------------------------------------------------- logs

    async def append(self, key: str, text: str, *, once: str, keep: int, ttl: float) -> Appended:
        now = self._clock()
        before = op.as_log(self._held(key, now))
        after = op.as_log(self._do(op.Append(now, key, now + ttl, text, once, keep)))
        line = after.find(once)
        assert line is not None  # Append has just put it there, or found it
        return Appended(Line(line.number, line.text), fresh=after is not before)

    async def erase(self, key: str, number: int, ttl: float) -> bool:
        now = self._clock()
        return self._took_effect(op.Erase(now, key, now + ttl, number))

    async def tail(self, key: str) -> tuple[Line, ...]:
        kept = op.as_log(self._held(key, self._clock()))
        return tuple(Line(line.number, line.text) for line in kept.lines if line.text)

    # ----------------------------------------------------------------------------------- ballots

    async def ballot(self, key: str) -> BallotView:
        return op.as_ballot(self._held(key, self._clock())).view()

    async def mine(self, key: str, person: PersonId) -> Mine:
        return op.as_ballot(self._held(key, self._clock())).mine(person)

    async def nominate(self, key: str, nomination: Nomination, ttl: float) -> BallotView:
        now = self._clock()
        return self._ballot(op.Nominate(now, key, now + ttl, nomination)).view()

    async def withdraw(
        self, key: str, nominee: NomineeId, by: PersonId, *, host: bool, ttl: float
    ) -> BallotView:
        now = self._clock()
        return self._ballot(op.Withdraw(now, key, now + ttl, nominee, by, host)).view()

    async def vote(
        self, key: str, person: PersonId, nominee: NomineeId, *, on: bool, ttl: float
    ) -> Mine:
        now = self._clock()
        return self._ballot(op.Vote(now, key, now + ttl, person, nominee, on)).mine(person)

    async def set_done(self, key: str, person: PersonId, *, on: bool, ttl: float) -> BallotView:
        now = self._clock()
        return self._ballot(op.SetDone(now, key, now + ttl, person, on)).view()

    async def close_ballot(
        self, key: str, present: frozenset[PersonId] | None, ttl: float
    ) -> BallotView:
        now = self._clock()
        return self._ballot(op.CloseBallot(now, key, now + ttl, present)).view()

    async def next_round(self, key: str, keep: frozenset[NomineeId], ttl: float) -> BallotView:
        now = self._clock()
        return self._ballot(op.NextRound(now, key, now + ttl, keep)).view()

    def _ballot(self, operation: op.BallotOperation) -> Ballot:
        return op.as_ballot(self._do(operation))

    # ------------------------------------------------------------------------------------- holds

    async def hold(self, key: str, owner: str, ttl: float) -> Hold:
        now = self._clock()
        till = now + ttl
        holding = op.as_holding(self._do(op.Take(now, key, till + FENCE_KEPT, owner, till)))
        assert holding is not None  # Take leaves whoever has it
        return Hold(holding.owner, holding.fence)

    async def held(self, key: str) -> Hold | None:
        now = self._clock()
        holding = op.as_holding(self._held(key, now))
        if holding is None or holding.till <= now:
            return None
        return Hold(holding.owner, holding.fence)

    async def prolong(self, keys: Iterable[str], owner: str, ttl: float) -> frozenset[str]:
        now = self._clock()
        till = now + ttl
        until = till + FENCE_KEPT
        return frozenset(
            key for key in keys if self._took_effect(op.Prolong(now, key, until, owner, till))
        )

    async def let_go(self, key: str, owner: str) -> bool:
        now = self._clock()
        return self._took_effect(op.LetGo(now, key, now + FENCE_KEPT, owner))

    async def put_fenced(self, key: str, value: str, fence: int, ttl: float) -> bool:
        now = self._clock()
        return self._took_effect(op.PutFenced(now, key, now + ttl, value, fence))

    async def get_fenced(self, key: str) -> str | None:
        fenced = op.as_fenced(self._held(key, self._clock()))
        return None if fenced is None else fenced.text

    def _took_effect(self, operation: op.AnyOperation) -> bool:
        before = self._held(operation.key, operation.at)
        return self._do(operation) is not before

    # ----------------------------------------------------------------------------------- entries

    def _held(self, key: str, now: float) -> op.Value | None:
        entry = self._entries.get(key)
        return None if entry is None or entry.until <= now else entry.value

    def _do(self, operation: op.AnyOperation) -> op.Value | None:
        """First on disk, then in memory, then known to the caller."""
        before = self._held(operation.key, operation.at)
        after = operation.act(before)
        if not _changes(operation, before, after):
            return after
        if operation.key not in self._entries and len(self._entries) >= self._keys_max:
            log.error("x dropped: store is full", keys=len(self._entries))
            raise Unavailable(
                "store.full", "서버에 남은 자리가 없어요. 잠시 뒤 다시 시도해 주세요."
            )
        if self._journal is not None:
            self._journal.write(self._encode(operation))
        self._set(operation, after)
        if self._journal is not None and self._journal.wants_rewrite:
            self._begin_compaction(self._journal)
        return after

    def _set(self, operation: op.AnyOperation, value: op.Value | None) -> None:
        if value is None:
            self._entries.pop(operation.key, None)
        else:
            self._entries[operation.key] = _Entry(value, operation.until)

    def _replay(self, line: bytes) -> None:
        """ValueError for a line that is not an operation, or not one that could have happened."""
        operation = op.decoder.decode(line)
        try:
            after = operation.act(self._held(operation.key, operation.at))
        except (WaguError, op.WrongKind) as wrong:
            raise ValueError(str(wrong)) from wrong
        self._set(operation, after)

    def sweep(self) -> None:
        """Forget what has expired; reading does not depend on it."""
        now = self._clock()
        for key in [key for key, entry in self._entries.items() if entry.until <= now]:
            del self._entries[key]

    def _lines(self) -> Iterator[bytes]:
        """Of a journal that says what is held at this moment, however late they are read."""
        self.sweep()
        now, entries = self._clock(), list(self._entries.items())
        encode = msgspec.json.Encoder().encode  # its own: it may run in another thread
        return (encode(op.restoring(now, key, each.until, each.value)) for key, each in entries)

    def _begin_compaction(self, journal: Journal) -> None:
        if self._compaction is None or self._compaction.done():
            self._compaction = asyncio.create_task(self._compact(journal))

    async def _compact(self, journal: Journal) -> None:
        """The event loop forwards media: encoding and syncing are for a thread. A full disk is a
        journal that stays long."""
        try:
            successor, lines = journal.begin(), self._lines()  # both of one moment
            await asyncio.to_thread(journal.fill, successor, lines)
            journal.switch(successor)
            await asyncio.to_thread(journal.release)
        except OSError as wrong:
            log.error("x dropped: journal rewrite", error=str(wrong))
            journal.postpone_rewrite()

    async def _sweep_forever(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_EVERY)
            self.sweep()


def _changes(operation: op.AnyOperation, before: op.Value | None, after: op.Value | None) -> bool:
    """A put or a touch of something moves at least its expiry."""
    if isinstance(operation, op.Put | op.Touch):
        return after is not None
    return after is not before
