from __future__ import annotations

from tests.wagu.realtime.media import FakeMedia
from wagu.bus import LocalBus, PictureTaken
from wagu.media_backend.base import (
    PeerClosed,
    PeerKey,
    PublicationStarted,
    RoomKey,
    Snapshot,
)
from wagu.realtime.pictures import Pictures

LIVE, HOST = RoomKey("live/x"), PeerKey("m_1:publish")


def test_each_new_picture_of_a_live_on_air_is_told_once() -> None:
    media, bus = FakeMedia(), LocalBus()
    told: list[int] = []
    bus.subscribe(PictureTaken, lambda event: told.append(event.number))
    pictures = Pictures(media, bus)
    media.pictures[LIVE] = Snapshot(b"RIFF", 1)
    pictures.tick()
    assert told == [], "it is not on air here"

    pictures.on_media(PublicationStarted(LIVE, HOST))
    pictures.on_media(PublicationStarted(RoomKey("map/y"), HOST))
    for number in (1, 1, 2):
        media.pictures[LIVE] = Snapshot(b"RIFF", number)
        pictures.tick()
    assert told == [1, 2]

    pictures.on_media(PeerClosed(LIVE, HOST, "publish", "left"))
    media.pictures[LIVE] = Snapshot(b"RIFF", 3)
    pictures.tick()
    assert told == [1, 2]
