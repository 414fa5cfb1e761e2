"""Tells of new pictures of the lives that are on air here, so that every node's lists show them."""

from __future__ import annotations

from wagu.bus import Bus, PictureTaken
from wagu.domain.live import LiveId
from wagu.media_backend.base import (
    MediaBackend,
    MediaEvent,
    PeerClosed,
    PublicationStarted,
    RoomKey,
)

PREFIX = "live/"


class Pictures:
    def __init__(self, media: MediaBackend, bus: Bus) -> None:
        self._media = media
        self._bus = bus
        self._numbers: dict[RoomKey, int] = {}

    def on_media(self, event: MediaEvent) -> None:
        """Synchronous, from the event loop."""
        if not event.room.startswith(PREFIX):
            return
        if isinstance(event, PublicationStarted):
            self._numbers.setdefault(event.room, 0)
        elif isinstance(event, PeerClosed) and event.role == "publish":
            self._numbers.pop(event.room, None)

    def tick(self) -> None:
        for room, told in self._numbers.items():
            found = self._media.snapshot(room)
            if found is not None and found.number != told:
                self._numbers[room] = found.number
                self._bus.publish(PictureTaken(LiveId(room.removeprefix(PREFIX)), found.number))
