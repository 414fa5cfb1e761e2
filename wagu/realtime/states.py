"""What the messages of PROTOCOL.md are made of: people, looks, lines, ballots. Shapes only."""

from __future__ import annotations

from typing import Literal

from msgspec import UNSET, Struct, UnsetType

Kind = Literal["member", "guest", "viewer"]
Voice = Literal["off", "on", "muted"]


class PersonRefState(Struct, frozen=True):
    id: str
    name: str


class PersonState(Struct, frozen=True):
    id: str
    name: str
    kind: Kind
    host: bool
    voice: Voice
    away: bool


class You(Struct, frozen=True):
    id: str
    name: str
    kind: Kind
    host: bool
    moderator: bool


class LookState(Struct, frozen=True):
    at: tuple[float, float] | None
    view: tuple[float, float, float] | None

    def changed_by(self, change: LookChange) -> LookState:
        return LookState(
            self.at if isinstance(change.at, UnsetType) else change.at,
            self.view if isinstance(change.view, UnsetType) else change.view,
        )


class LookChange(Struct, frozen=True):
    """What is new of a look. What is UNSET is as it was, and is not on the wire."""

    at: tuple[float, float] | UnsetType | None = UNSET
    view: tuple[float, float, float] | UnsetType | None = UNSET

    def followed_by(self, later: LookChange) -> LookChange:
        return LookChange(
            self.at if later.at is UNSET else later.at,
            self.view if later.view is UNSET else later.view,
        )


class ChatState(Struct, frozen=True, rename={"author": "from"}):
    id: str
    author: PersonRefState
    text: str
    at: int


class BanState(Struct, frozen=True):
    person: PersonRefState
    at: int


class NomineeState(Struct, frozen=True):
    id: str
    name: str
    at: tuple[float, float]
    place_id: int | None
    category: str | None
    by: str
    by_name: str


class ResultState(Struct, frozen=True):
    counts: dict[str, int]
    winners: list[str]
    voters: int


class BallotState(Struct, frozen=True):
    round: int
    phase: Literal["open", "closed"]
    nominees: list[NomineeState]
    done: list[str]
    result: ResultState | None


class PlaceState(Struct, frozen=True):
    id: int
    name: str
    at: tuple[float, float]
    category: str | None
    address: str | None


class LiveInfo(Struct, frozen=True):
    id: str
    title: str
    host: PersonRefState
    place: PlaceState | None
    state: Literal["waiting", "on_air", "interrupted", "ended"]
    viewers: int


class GuestState(Struct, frozen=True):
    id: str
    name: str
    state: Literal["invited", "accepted"]
    muted: bool


class StageState(Struct, frozen=True):
    guests: list[GuestState]
    places: list[str | None]


class IceServerState(Struct, frozen=True):
    urls: tuple[str, ...]
    username: str
    credential: str
