"""What can be done to one entry of the memory store. Each line of the journal is one of these.

`act` is pure: it takes what the key holds and returns what it holds next (the same object when
nothing changed, None when it is gone), so that replaying the journal repeats history.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import msgspec

from wagu.domain.ballot import Ballot, Nomination, NomineeId
from wagu.domain.person import PersonId


@dataclass(frozen=True, slots=True)
class LogLine:
    number: int
    once: str
    text: str


@dataclass(frozen=True, slots=True)
class Log:
    """The newest lines, oldest first; `last` is the number of the newest ever written."""

    last: int = 0
    lines: tuple[LogLine, ...] = ()

    def find(self, once: str) -> LogLine | None:
        return next((line for line in reversed(self.lines) if line.once == once), None)


@dataclass(frozen=True, slots=True)
class Holding:
    """`till` is when it ends, in seconds since the epoch; the fence is remembered for longer."""

    owner: str
    fence: int
    till: float


@dataclass(frozen=True, slots=True)
class Fenced:
    text: str
    fence: int


Value = str | Log | Ballot | Holding | Fenced


class WrongKind(TypeError):
    """A key of one kind was used as another: a bug of ours."""


class Operation(msgspec.Struct, frozen=True, tag_field="op"):
    """`at` and `until` are seconds since the epoch: when it happened, when the entry expires."""

    at: float
    key: str
    until: float

    def act(self, held: Value | None, /) -> Value | None:
        raise NotImplementedError  # each operation has its own


class Put(Operation, frozen=True, tag="put"):
    value: str

    def act(self, _held: Value | None, /) -> Value:
        return self.value


class Delete(Operation, frozen=True, tag="delete"):
    def act(self, _held: Value | None, /) -> None:
        return None


class Touch(Operation, frozen=True, tag="touch"):
    def act(self, held: Value | None, /) -> Value | None:
        return held


class Increment(Operation, frozen=True, tag="increment"):
    """`until` is that of the first one of its window."""

    by: int

    def act(self, held: Value | None, /) -> str:
        return str(int(as_text(held) or "0") + self.by)


class Append(Operation, frozen=True, tag="append"):
    text: str
    once: str
    keep: int

    def act(self, held: Value | None, /) -> Log:
        log = as_log(held)
        if log.find(self.once) is not None:
            return log
        line = LogLine(log.last + 1, self.once, self.text)
        return Log(line.number, (*log.lines, line)[-self.keep :])


class Erase(Operation, frozen=True, tag="erase"):
    number: int

    def act(self, held: Value | None, /) -> Value | None:
        log = as_log(held)
        if not any(line.number == self.number and line.text for line in log.lines):
            return held
        lines = [replace(x, text="") if x.number == self.number else x for x in log.lines]
        return Log(log.last, tuple(lines))


class Nominate(Operation, frozen=True, tag="nominate"):
    nomination: Nomination

    def act(self, held: Value | None, /) -> Ballot:
        return as_ballot(held).nominate(self.nomination)


class Withdraw(Operation, frozen=True, tag="withdraw"):
    nominee: NomineeId
    by: PersonId
    host: bool

    def act(self, held: Value | None, /) -> Ballot:
        return as_ballot(held).withdraw(self.nominee, self.by, host=self.host)


class Vote(Operation, frozen=True, tag="vote"):
    person: PersonId
    nominee: NomineeId
    on: bool

    def act(self, held: Value | None, /) -> Ballot:
        return as_ballot(held).vote(self.person, self.nominee, on=self.on)


class SetDone(Operation, frozen=True, tag="done"):
    person: PersonId
    on: bool

    def act(self, held: Value | None, /) -> Ballot:
        return as_ballot(held).set_done(self.person, on=self.on)


class CloseBallot(Operation, frozen=True, tag="close"):
    present: frozenset[PersonId] | None

    def act(self, held: Value | None, /) -> Ballot:
        return as_ballot(held).close(self.present)


class NextRound(Operation, frozen=True, tag="next_round"):
    keep: frozenset[NomineeId]

    def act(self, held: Value | None, /) -> Ballot:
        return as_ballot(held).next_round(self.keep)


class Take(Operation, frozen=True, tag="hold"):
    """`until` is past `till` by as long as the fence is remembered."""

    owner: str
    till: float

    def act(self, held: Value | None, /) -> Holding:
        before = as_holding(held)
        if before is None or before.till <= self.at:
            last = 0 if before is None else before.fence
            return Holding(self.owner, max(last + 1, int(self.at * 1000)), self.till)
        if before.owner != self.owner:
            return before
        return replace(before, till=self.till)


class Prolong(Operation, frozen=True, tag="prolong"):
    owner: str
    till: float

    def act(self, held: Value | None, /) -> Holding | None:
        before = as_holding(held)
        if before is None or before.till <= self.at or before.owner != self.owner:
            return before
        return replace(before, till=self.till)


class LetGo(Operation, frozen=True, tag="let_go"):
    owner: str

    def act(self, held: Value | None, /) -> Holding | None:
        before = as_holding(held)
        if before is None or before.till <= self.at or before.owner != self.owner:
            return before
        return replace(before, till=self.at)


class PutFenced(Operation, frozen=True, tag="put_fenced"):
    value: str
    fence: int

    def act(self, held: Value | None, /) -> Fenced:
        before = as_fenced(held)
        if before is not None and before.fence > self.fence:
            return before
        return Fenced(self.value, self.fence)


class RestoreLog(Operation, frozen=True, tag="log"):
    """A whole log, as a compacted journal holds it."""

    log: Log

    def act(self, _held: Value | None, /) -> Log:
        return self.log


class RestoreBallot(Operation, frozen=True, tag="ballot"):
    """A whole ballot, as a compacted journal holds it."""

    ballot: Ballot

    def act(self, _held: Value | None, /) -> Ballot:
        return self.ballot


class RestoreHolding(Operation, frozen=True, tag="holding"):
    """A whole hold, as a compacted journal has it."""

    holding: Holding

    def act(self, _held: Value | None, /) -> Holding:
        return self.holding


BallotOperation = Nominate | Withdraw | Vote | SetDone | CloseBallot | NextRound
HoldOperation = Take | Prolong | LetGo | PutFenced
AnyOperation = (
    Put
    | Delete
    | Touch
    | Increment
    | Append
    | Erase
    | BallotOperation
    | HoldOperation
    | RestoreLog
    | RestoreBallot
    | RestoreHolding
)

decoder = msgspec.json.Decoder(AnyOperation)


def as_text(held: Value | None) -> str | None:
    if held is None or isinstance(held, str):
        return held
    raise WrongKind(type(held).__name__)


def as_log(held: Value | None) -> Log:
    if held is None:
        return Log()
    if isinstance(held, Log):
        return held
    raise WrongKind(type(held).__name__)


def as_ballot(held: Value | None) -> Ballot:
    if held is None:
        return Ballot()
    if isinstance(held, Ballot):
        return held
    raise WrongKind(type(held).__name__)


def as_holding(held: Value | None) -> Holding | None:
    if held is None or isinstance(held, Holding):
        return held
    raise WrongKind(type(held).__name__)


def as_fenced(held: Value | None) -> Fenced | None:
    if held is None or isinstance(held, Fenced):
        return held
    raise WrongKind(type(held).__name__)


def restoring(at: float, key: str, until: float, value: Value) -> AnyOperation:
    """The one operation that brings an entry back as it is."""
    if isinstance(value, Log):
        return RestoreLog(at, key, until, value)
    if isinstance(value, Ballot):
        return RestoreBallot(at, key, until, value)
    if isinstance(value, Holding):
        return RestoreHolding(at, key, until, value)
    if isinstance(value, Fenced):
        return PutFenced(at, key, until, value.text, value.fence)
    return Put(at, key, until, value)
