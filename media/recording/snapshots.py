"""A picture of what a room shows, every few seconds: one keyframe of its smallest layer.

Between two pictures nothing is subscribed and nothing costs; a picture asks for one keyframe of a
layer of some kilobytes, which is decoded in the writing process.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from media.recording.payloads import CODECS
from media.recording.process import WriterProcess
from media.recording.tap import Tap
from media.recording.wire import Kind, Message
from media.routing.publication import Publication

GIVE_UP = 3.0
"""Seconds in which a keyframe comes or does not."""
SMALLEST = 1
"""No layer is that low, so the lowest there is comes closest."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """`number` grows with each picture of a room; `taken` is on the SFU's clock."""

    webp: bytes
    number: int
    taken: float


class Snapshots:
    """Of one room, while it is asked for."""

    def __init__(
        self,
        every: float,
        writer: WriterProcess,
        *,
        egress: bytearray,
        clock: Callable[[], float],
    ) -> None:
        self.latest: Snapshot | None = None
        self._every = every
        self._writer = writer
        self._egress = egress
        self._clock = clock
        self._tap: Tap | None = None
        self._since = float("-inf")
        self._decoding = False

    def tick(self, publication: Publication | None, now: float) -> None:
        """`publication` is the video that is shown now."""
        if self._tap is not None:
            self._look(self._tap, now)
        elif self._due(publication, now):
            assert publication is not None
            self._since = now
            self._tap = Tap(publication.codec, self._egress, self._clock)
            self._tap.subscription.limit = SMALLEST
            publication.subscribe(self._tap.subscription, now)

    def close(self) -> None:
        if self._tap is not None:
            self._tap.subscription.leave()
            self._tap = None

    def _due(self, publication: Publication | None, now: float) -> bool:
        return (
            publication is not None
            and not publication.muted
            and bool(publication.encodings)
            and publication.codec.name.upper() in CODECS
            and not self._decoding
            and now - self._since >= self._every
        )

    def _look(self, tap: Tap, now: float) -> None:
        frames = tap.frames(now)
        if frames:
            codec = tap.codec.name.upper()
            self.close()
            self._decode(codec, frames[0].data)
        elif now - self._since >= GIVE_UP or tap.subscription.publication is None:
            self.close()

    def _decode(self, codec: str, keyframe: bytes) -> None:
        self._decoding = True
        number = self._writer.begin(self._decoded)
        if not self._writer.send(Kind.PICTURE, number, codec.encode() + b"\0" + keyframe):
            self._writer.forget(number)
            self._decoding = False

    def _decoded(self, answer: Message | None) -> None:
        self._decoding = False
        if answer is not None and answer.body:
            count = self.latest.number + 1 if self.latest is not None else 1
            self.latest = Snapshot(answer.body, count, self._clock())
