"""A voice room's seating: every talker hears the others through a bounded number of slots."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from media.routing.publication import Publication
from media.routing.slots import assign_slots
from media.routing.speakers import Speakers
from media.routing.subscription import Subscription

Holders = tuple[str | None, ...]


@dataclass(slots=True)
class _Talker:
    voice: Publication
    slots: tuple[Subscription, ...]
    holders: Holders


class Seats:
    """Who sits in whose slots. `changed(key, holders)` tells of every new occupation."""

    def __init__(self, changed: Callable[[str, Holders], None]) -> None:
        self.speakers: Speakers[str] = Speakers()
        self._talkers: dict[str, _Talker] = {}
        self._changed = changed

    def __len__(self) -> int:
        """Slots, taken or not, of all who talk."""
        return sum(len(talker.slots) for talker in self._talkers.values())

    def add(
        self, key: str, voice: Publication, slots: tuple[Subscription, ...], now: float
    ) -> None:
        """A talker connected."""
        self._talkers[key] = _Talker(voice, slots, (None,) * len(slots))
        self.speakers.add(key)
        self.arrange(now)

    def remove(self, key: str, now: float) -> None:
        """A talker is gone; its publication is closed already."""
        if self._talkers.pop(key, None) is not None:
            self.speakers.remove(key)
            self.arrange(now)

    def arrange(self, now: float) -> None:
        """Seat everybody anew; only differences have an effect.

        Where all seats are taken and all speakers seated nothing can change, which spares the work
        for nearly all listeners of a large room: it would grow with the square of its size.
        """
        ranked = sorted(self._talkers, key=self.speakers.rank)
        speaking = self.speakers.active
        talking = frozenset(speaking)
        changed = []
        for key, talker in self._talkers.items():
            if self._is_settled(key, talker.holders, talking):
                continue
            others = [other for other in ranked if other != key]
            holders = assign_slots(talker.holders, others, speaking)
            if holders != talker.holders:
                self._seat(talker, holders, now)
                changed.append(key)
        # Told when all is done: a listener may send somebody away, who is then seated nowhere.
        for key in changed:
            if key in self._talkers:
                self._changed(key, self._talkers[key].holders)

    def _is_settled(self, key: str, holders: Holders, talking: frozenset[str]) -> bool:
        return all(holder in self._talkers for holder in holders) and talking <= {key, *holders}

    def _seat(self, talker: _Talker, holders: Holders, now: float) -> None:
        for slot, before, after in zip(talker.slots, talker.holders, holders, strict=True):
            if before == after:
                continue
            slot.leave()
            if after is not None:
                self._talkers[after].voice.subscribe(slot, now)
        talker.holders = holders
