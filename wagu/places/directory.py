"""Place search as handlers see it: one provider, asked once for what many ask.

Answers are kept for ten minutes, which spares the provider and is no collection of its data.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from wagu.domain.place import Point
from wagu.places.provider import FOUND_MAX, Found, Provider

KEPT_FOR = 600.0
KEPT_MAX = 1000
NEARBY = 2
"""Decimals of a degree, about a kilometre: whoever asks from there gets the same answer."""

Key = tuple[str, tuple[float, float] | None]


@dataclass(frozen=True, slots=True)
class _Kept:
    places: tuple[Found, ...]
    until: float


class Directory:
    def __init__(
        self, provider: Provider, clock: Callable[[], float], *, keep: bool = True
    ) -> None:
        """`keep` no answers of a provider that is here."""
        self.provider = provider
        self._clock = clock
        self._keep = keep
        self._kept: OrderedDict[Key, _Kept] = OrderedDict()

    async def search(self, text: str, near: Point | None) -> tuple[Found, ...]:
        """Best first. Errors: see `errors`; they are not kept."""
        asked = " ".join(text.split())
        if not asked:
            return ()
        spot = None if near is None else (round(near.lat, NEARBY), round(near.lng, NEARBY))
        key = (asked.casefold(), spot)
        kept, now = self._kept.get(key), self._clock()
        if kept is not None and kept.until > now:
            self._kept.move_to_end(key)
            return kept.places
        rough = None if spot is None else Point(*spot)  # where somebody is, is nobody's business
        places = tuple((await self.provider.search(asked, rough))[:FOUND_MAX])
        if self._keep:
            self._kept[key] = _Kept(places, now + KEPT_FOR)
            self._kept.move_to_end(key)
            while len(self._kept) > KEPT_MAX:
                self._kept.popitem(last=False)
        return places

    async def close(self) -> None:
        await self.provider.close()
