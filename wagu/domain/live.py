"""A live and its life:

    waiting ──▶ on_air ◀──▶ interrupted
       └──────────┴──────────────┴─────▶ ended

waiting: created, no media yet. on_air: media flows. interrupted: the publisher is gone and may come
back. ended: over for good.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import NewType

from wagu.domain.key import is_word
from wagu.domain.person import PersonRef
from wagu.domain.photo import PhotoId
from wagu.domain.place import Place
from wagu.domain.text import clean_line
from wagu.errors import Invalid, NotFound

LiveId = NewType("LiveId", str)
"""22 characters of 128 random bits; unguessable, but not a secret."""

LONGEST_TITLE = 60


def live_id(raw: str) -> LiveId:
    """NotFound `live.unknown` for what can be no id."""
    if not is_word(raw):
        raise unknown_live()
    return LiveId(raw)


def unknown_live() -> NotFound:
    """Also for one whose host and the viewer do not see each other."""
    return NotFound("live.unknown", "없는 방송이에요.")


class LiveState(enum.StrEnum):
    WAITING = "waiting"
    ON_AIR = "on_air"
    INTERRUPTED = "interrupted"
    ENDED = "ended"


TRANSITIONS: dict[LiveState, frozenset[LiveState]] = {
    LiveState.WAITING: frozenset({LiveState.ON_AIR, LiveState.ENDED}),
    LiveState.ON_AIR: frozenset({LiveState.INTERRUPTED, LiveState.ENDED}),
    LiveState.INTERRUPTED: frozenset({LiveState.ON_AIR, LiveState.ENDED}),
    LiveState.ENDED: frozenset(),
}


class UnknownTransition(ValueError):
    """A bug of ours, never of a client."""


def check_transition(now: LiveState, then: LiveState) -> None:
    """Raises UnknownTransition unless the drawing above has an arrow from `now` to `then`."""
    if then not in TRANSITIONS[now]:
        raise UnknownTransition(f"a live cannot go from {now} to {then}")


@dataclass(frozen=True, slots=True)
class Host(PersonRef):
    """Who is live, as lists of lives show them."""

    username: str
    photo: PhotoId | None


@dataclass(frozen=True, slots=True)
class Live:
    """Times are seconds since the Unix epoch. `recorded`: its host wants it to be; `recording` is
    the id of the longest file that is there by now."""

    id: LiveId
    title: str
    host: Host
    place: Place | None
    state: LiveState
    created_at: float
    started_at: float | None
    ended_at: float | None
    peak_viewers: int
    recorded: bool = False
    recording: str | None = None


def live_title(raw: str) -> str:
    title = clean_line(raw, LONGEST_TITLE)
    if title is None:
        raise Invalid("live.bad_title", f"방송 제목은 1–{LONGEST_TITLE}자예요.", field="title")
    return title
