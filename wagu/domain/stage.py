"""A live's stage: the viewers whom its host asked to join with camera and microphone."""

from __future__ import annotations

from dataclasses import dataclass, replace

from wagu.domain.person import PersonRef
from wagu.errors import Conflict, Forbidden

GUESTS_MAX = 3
"""As many as a viewer's connection has places."""


@dataclass(frozen=True, slots=True)
class Guest:
    """`accepted`: they said yes. Whether they are seen is for media to tell."""

    person: PersonRef
    accepted: bool = False


Guests = tuple[Guest, ...]
"""In the order of the invitations."""


def invite(guests: Guests, person: PersonRef) -> Guests:
    """Twice is once. Errors: Conflict stage.full."""
    if find(guests, person.id) is not None:
        return guests
    if len(guests) >= GUESTS_MAX:
        raise Conflict("stage.full", f"무대에는 {GUESTS_MAX}명까지 부를 수 있어요.")
    return (*guests, Guest(person))


def accept(guests: Guests, person: str) -> Guests:
    """Idempotent. Errors: Forbidden stage.not_invited."""
    if find(guests, person) is None:
        raise not_invited()
    return tuple(replace(x, accepted=True) if x.person.id == person else x for x in guests)


def without(guests: Guests, person: str) -> Guests:
    return tuple(each for each in guests if each.person.id != person)


def find(guests: Guests, person: str) -> Guest | None:
    return next((each for each in guests if each.person.id == person), None)


def not_invited() -> Forbidden:
    return Forbidden("stage.not_invited", "무대에 초대받지 않았어요.")
