"""Where everyone points and looks, as one coalesced tick. No I/O, no clock."""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from wagu.domain.person import PersonId
from wagu.realtime.messages import LatLng, View
from wagu.realtime.states import LookChange, LookState

TICK = 0.05
"""Seconds between two ticks of a room: 20 a second at most."""

_NOWHERE = LookState(None, None)
_NOTHING = LookChange()


class Presence:
    """The newest look of each person, and what changed since the last tick."""

    def __init__(self) -> None:
        self._looks: dict[str, LookState] = {}
        self._changed: dict[str, LookChange] = {}
        self._last_tick = float("-inf")

    def look(
        self,
        person: PersonId,
        view: View | UnsetType = UNSET,
        at: LatLng | UnsetType | None = UNSET,
    ) -> None:
        """What is UNSET stays as it was; `at=None` means the pointer left the map."""
        before = self._looks.get(person)
        if before is None:
            # All of it: somebody may still have what this person was before they left.
            look = _NOWHERE.changed_by(LookChange(at, view))
            change = LookChange(look.at, look.view)
        else:
            change = LookChange(
                UNSET if at == before.at else at, UNSET if view == before.view else view
            )
            if change == _NOTHING:
                return
            look = before.changed_by(change)
        self._looks[person] = look
        earlier = self._changed.get(person)
        self._changed[person] = change if earlier is None else earlier.followed_by(change)

    def forget(self, person: PersonId) -> None:
        self._looks.pop(person, None)
        self._changed.pop(person, None)

    def everyone(self) -> dict[str, LookState]:
        return dict(self._looks)

    def due(self) -> float | None:
        """When the next tick may go out; None while nothing changed."""
        return self._last_tick + TICK if self._changed else None

    def tick(self, now: float) -> dict[str, LookChange]:
        """Who changed since the last tick, and how."""
        changed, self._changed = self._changed, {}
        self._last_tick = now
        return changed
