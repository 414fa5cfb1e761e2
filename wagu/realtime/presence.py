"""Where everyone points and looks, as one coalesced tick. No I/O, no clock."""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from wagu.domain.person import PersonId
from wagu.realtime.messages import LatLng, View
from wagu.realtime.states import LookState

TICK = 0.05
"""Seconds between two ticks of a room: 20 a second at most."""

_NOWHERE = LookState(None, None)


class Presence:
    """The newest look of each person, and who changed since the last tick."""

    def __init__(self) -> None:
        self._looks: dict[str, LookState] = {}
        self._changed: set[PersonId] = set()
        self._last_tick = float("-inf")

    def look(
        self,
        person: PersonId,
        view: View | UnsetType = UNSET,
        at: LatLng | UnsetType | None = UNSET,
    ) -> None:
        """What is UNSET stays as it was; `at=None` means the pointer left the map."""
        before = self._looks.get(person, _NOWHERE)
        after = LookState(
            before.at if isinstance(at, UnsetType) else at,
            before.view if isinstance(view, UnsetType) else view,
        )
        if after != before:
            self._looks[person] = after
            self._changed.add(person)

    def forget(self, person: PersonId) -> None:
        self._looks.pop(person, None)
        self._changed.discard(person)

    def everyone(self) -> dict[str, LookState]:
        return dict(self._looks)

    def due(self) -> float | None:
        """When the next tick may go out; None while nothing changed."""
        return self._last_tick + TICK if self._changed else None

    def tick(self, now: float) -> dict[str, LookState]:
        """Who changed since the last tick."""
        changed: dict[str, LookState] = {person: self._looks[person] for person in self._changed}
        self._changed.clear()
        self._last_tick = now
        return changed
