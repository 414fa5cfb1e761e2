"""How many watch each live, as realtime tells it over the bus."""

from __future__ import annotations

from wagu.bus import Bus, LiveEnded, ViewersChanged
from wagu.domain.live import LiveId


class ViewerCounts:
    """Bounded by the lives that are on: an ended one is forgotten."""

    def __init__(self, bus: Bus) -> None:
        self._counts: dict[LiveId, int] = {}
        bus.subscribe(ViewersChanged, self._changed)
        bus.subscribe(LiveEnded, self._ended)

    def of(self, live_id: LiveId) -> int:
        return self._counts.get(live_id, 0)

    def _changed(self, event: ViewersChanged) -> None:
        if event.viewers:
            self._counts[event.id] = event.viewers
        else:
            self._counts.pop(event.id, None)

    def _ended(self, event: LiveEnded) -> None:
        self._counts.pop(event.id, None)
