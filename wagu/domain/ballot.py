"""Ballots: nominate, vote, be done, count. Values in, values out; no I/O and no clock.

Counts are secret while a ballot is open, so `view()` is all that ever leaves for a room. The Lua
scripts in `wagu/ephemeral/lua` state the same rules; one test drives both to the same answers.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import NewType

from wagu.domain.person import PersonId
from wagu.errors import Conflict, Forbidden, NotFound, WaguError

NomineeId = NewType("NomineeId", str)
"""`n-<number>`, counted per ballot and never used twice, also not in later rounds."""

NOMINEES_MAX = 10
SAME_SPOT = 30.0
"""Metres: two nominees of one name this close are one place."""

METRES_PER_DEGREE = 111_195.0
"""Of latitude, on a sphere of 6371 km."""

_REFUSALS: Mapping[str, tuple[type[WaguError], str]] = {
    "ballot.full": (Conflict, f"후보는 {NOMINEES_MAX}곳까지예요."),
    "ballot.already_nominated": (Conflict, "이미 후보에 있는 곳이에요."),
    "ballot.empty": (Conflict, "아직 후보가 없어요."),
    "ballot.closed": (Conflict, "투표가 끝났어요."),
    "ballot.open": (Conflict, "투표가 아직 진행 중이에요."),
    "ballot.unknown_nominee": (NotFound, "그 후보는 이제 없어요."),
    "ballot.not_yours": (Forbidden, "올린 사람이나 방장만 뺄 수 있어요."),
    "ballot.not_host": (Forbidden, "방장만 할 수 있어요."),
}


def refusal(code: str) -> WaguError:
    """The error of a refused operation, by its code."""
    kind, message = _REFUSALS[code]
    return kind(code, message)


class Phase(StrEnum):
    """open → closed by `close`, closed → open (the next round) by `next_round`."""

    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Nomination:
    """What someone proposes; a ballot gives it an id. `by_name` stays when they leave."""

    name: str
    at: tuple[float, float]
    by: PersonId
    place_id: int | None = None
    category: str | None = None
    by_name: str = ""


@dataclass(frozen=True, slots=True)
class Nominee:
    id: NomineeId
    name: str
    at: tuple[float, float]
    by: PersonId
    place_id: int | None = None
    category: str | None = None
    by_name: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """Votes per nominee, everyone with the most of them, and how many people voted at all."""

    counts: Mapping[NomineeId, int]
    winners: tuple[NomineeId, ...]
    voters: int


@dataclass(frozen=True, slots=True)
class Mine:
    """One person's votes. `version` orders it against other changes of the ballot."""

    round: int
    version: int
    nominees: tuple[NomineeId, ...]


@dataclass(frozen=True, slots=True)
class BallotView:
    """What everyone may know."""

    round: int = 1
    version: int = 0
    phase: Phase = Phase.OPEN
    nominees: tuple[Nominee, ...] = ()
    done: frozenset[PersonId] = frozenset()
    result: Result | None = None


def count(counts: Mapping[NomineeId, int], voters: int) -> Result:
    """All with the most votes win; nobody does without a vote."""
    most = max(counts.values(), default=0)
    winners = tuple(nominee for nominee, votes in counts.items() if votes == most and most > 0)
    return Result(counts, winners, voters)


def all_done(view: BallotView, present: Iterable[PersonId]) -> bool:
    """Whether those present have made up their minds about something; nobody present has not."""
    waiting_for = frozenset(present)
    return bool(waiting_for) and bool(view.nominees) and waiting_for <= view.done


def check_nomination(view: BallotView, nomination: Nomination) -> None:
    """Raise why it would be refused: ballot.closed, .already_nominated or .full."""
    if view.phase is not Phase.OPEN:
        raise refusal("ballot.closed")
    if any(_same_place(nominee, nomination) for nominee in view.nominees):
        raise refusal("ballot.already_nominated")
    if len(view.nominees) >= NOMINEES_MAX:
        raise refusal("ballot.full")


def spelling(name: str) -> str:
    """A name as it is compared: compatibility-normalised, without case and white space."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def _same_place(nominee: Nominee, nomination: Nomination) -> bool:
    if nominee.place_id is not None and nominee.place_id == nomination.place_id:
        return True
    if spelling(nominee.name) != spelling(nomination.name):
        return False
    return _apart(nominee.at, nomination.at) <= SAME_SPOT


def _apart(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Metres, equirectangular: exact enough far beyond 30 m, and the same sum in Lua."""
    degrees = abs(b[1] - a[1])
    east = min(degrees, 360.0 - degrees) * math.cos(math.radians((a[0] + b[0]) / 2))
    north = b[0] - a[0]
    return math.sqrt(east * east + north * north) * METRES_PER_DEGREE


@dataclass(frozen=True, slots=True)
class Ballot:
    """One ballot of a room through its rounds. Operations return the next value, or `self` when
    nothing changes; each real change raises `version` by one.
    """

    round: int = 1
    version: int = 0
    phase: Phase = Phase.OPEN
    nominees: tuple[Nominee, ...] = ()
    votes: Mapping[PersonId, frozenset[NomineeId]] = field(default_factory=dict)
    done: frozenset[PersonId] = frozenset()
    next_number: int = 1

    def view(self) -> BallotView:
        return BallotView(
            self.round, self.version, self.phase, self.nominees, self.done, self.result()
        )

    def result(self) -> Result | None:
        """None while open."""
        if self.phase is Phase.OPEN:
            return None
        counts = {nominee.id: 0 for nominee in self.nominees}
        for chosen in self.votes.values():
            for nominee in chosen:
                counts[nominee] += 1
        return count(counts, sum(1 for chosen in self.votes.values() if chosen))

    def mine(self, person: PersonId) -> Mine:
        chosen = self.votes.get(person, frozenset())
        in_order = tuple(nominee.id for nominee in self.nominees if nominee.id in chosen)
        return Mine(self.round, self.version, in_order)

    def nominate(self, nomination: Nomination) -> Ballot:
        check_nomination(self.view(), nomination)
        nominee = Nominee(
            NomineeId(f"n-{self.next_number}"),
            nomination.name,
            nomination.at,
            nomination.by,
            nomination.place_id,
            nomination.category,
            nomination.by_name,
        )
        return replace(
            self,
            version=self.version + 1,
            nominees=(*self.nominees, nominee),
            next_number=self.next_number + 1,
        )

    def withdraw(self, nominee: NomineeId, by: PersonId, *, host: bool) -> Ballot:
        """Its votes go with it; with the last nominee nobody is done any more."""
        self._must_be_open()
        found = self._find(nominee)
        if not host and found.by != by:
            raise refusal("ballot.not_yours")
        gone = frozenset((nominee,))
        left = tuple(each for each in self.nominees if each.id != nominee)
        return replace(
            self,
            version=self.version + 1,
            nominees=left,
            votes={person: chosen - gone for person, chosen in self.votes.items()},
            done=self.done if left else frozenset(),
        )

    def vote(self, person: PersonId, nominee: NomineeId, *, on: bool) -> Ballot:
        self._must_be_open()
        self._find(nominee)
        chosen = self.votes.get(person, frozenset())
        if (nominee in chosen) == on:
            return self
        wanted = chosen | {nominee} if on else chosen - {nominee}
        return replace(self, version=self.version + 1, votes={**self.votes, person: wanted})

    def set_done(self, person: PersonId, *, on: bool) -> Ballot:
        """Errors: ballot.closed; ballot.empty, as one cannot be done about nothing: else the first
        nominee would close the ballot on the spot."""
        self._must_be_open()
        if (person in self.done) == on:
            return self
        if on and not self.nominees:
            raise refusal("ballot.empty")
        return replace(
            self,
            version=self.version + 1,
            done=self.done | {person} if on else self.done - {person},
        )

    def close(self, present: frozenset[PersonId] | None = None) -> Ballot:
        """By the host (`present` is None) at once; by itself only if everyone present is done."""
        if self.phase is Phase.CLOSED:
            return self
        if present is not None and not all_done(self.view(), present):
            return self
        return replace(self, version=self.version + 1, phase=Phase.CLOSED)

    def next_round(self, keep: frozenset[NomineeId]) -> Ballot:
        if self.phase is Phase.OPEN:
            raise refusal("ballot.open")
        for nominee in keep:
            self._find(nominee)
        return replace(
            self,
            version=self.version + 1,
            round=self.round + 1,
            phase=Phase.OPEN,
            nominees=tuple(each for each in self.nominees if each.id in keep),
            votes={},
            done=frozenset(),
        )

    def _must_be_open(self) -> None:
        if self.phase is not Phase.OPEN:
            raise refusal("ballot.closed")

    def _find(self, wanted: NomineeId) -> Nominee:
        for nominee in self.nominees:
            if nominee.id == wanted:
                return nominee
        raise refusal("ballot.unknown_nominee")
