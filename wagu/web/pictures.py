"""The newest picture of each live, by number, as realtime tells it over the bus."""

from __future__ import annotations

from wagu.bus import Bus, LiveEnded, PictureTaken
from wagu.domain.live import LiveId


class Pictures:
    """Bounded by the lives that are on: an ended one is forgotten."""

    def __init__(self, bus: Bus) -> None:
        self._numbers: dict[LiveId, int] = {}
        bus.subscribe(PictureTaken, self._taken)
        bus.subscribe(LiveEnded, self._ended)

    def of(self, live_id: LiveId) -> int | None:
        return self._numbers.get(live_id)

    def _taken(self, event: PictureTaken) -> None:
        self._numbers[event.id] = event.number

    def _ended(self, event: LiveEnded) -> None:
        self._numbers.pop(event.id, None)
