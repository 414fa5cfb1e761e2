"""What a room's publisher shows, as frames on one time line: from the first keyframe on.

Taps stay through a publisher's reload, as subscriptions do. Others who need frames (files, HLS) are
fed from one of these each.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from media.codecs import Codec, Kind
from media.recording.alignment import Alignment
from media.recording.assembly import Frame
from media.recording.payloads import CODECS
from media.recording.tap import Tap
from media.routing.publication import Publication

SOUND_WAITS = 1.0
"""Seconds that nothing begins for want of sound, once there is a picture."""
MAX_EARLY = 500
"""Frames kept until it begins: 10 s of sound."""


class Timed(NamedTuple):
    """`second` counts from the first picture, or the first sound where there is no picture."""

    kind: Kind
    second: float
    frame: Frame


class Programme:
    """`follow` a publisher, and take its `frames` at each tick."""

    def __init__(
        self, codecs: Mapping[Kind, Codec], *, egress: bytearray, clock: Callable[[], float]
    ) -> None:
        self._taps: dict[Kind, Tap] = {
            kind: Tap(codec, egress, clock) for kind, codec in codecs.items()
        }
        sound, picture = self._taps.get("audio"), self._taps.get("video")
        self._alignment = Alignment(
            sound.timeline if sound is not None else None,
            picture.timeline if picture is not None else None,
        )
        self._early: list[tuple[Kind, Frame]] = []
        self._picture_since: float | None = None
        self._begun = False

    @property
    def codecs(self) -> dict[Kind, str]:
        """Upper-case names by kind."""
        return {kind: tap.codec.name.upper() for kind, tap in self._taps.items()}

    def fits(self, publications: Mapping[Kind, Publication]) -> bool:
        """Whether these can be followed, or another programme is needed."""
        return self.codecs == names(publications)

    def follow(self, publications: Mapping[Kind, Publication], now: float) -> None:
        for kind, tap in self._taps.items():
            publications[kind].subscribe(tap.subscription, now)

    def frames(self, now: float) -> list[Timed]:
        """In order within a kind; none before it can begin."""
        frames = [(kind, frame) for kind, tap in self._taps.items() for frame in tap.frames(now)]
        if not self._begun:
            self._early += frames
            if not self._may_begin(now):
                del self._early[:-MAX_EARLY]
                return []
            # The picture first: its first frame is second 0, and what was heard before is left out.
            self._begun = True
            frames = sorted(self._early, key=lambda each: each[0] == "audio")
            self._early = []
        return [timed for kind, frame in frames if (timed := self._place(kind, frame)) is not None]

    def want_keyframe(self) -> None:
        if "video" in self._taps:
            self._taps["video"].subscription.want_keyframe()

    def leave(self) -> None:
        for tap in self._taps.values():
            tap.subscription.leave()

    def _place(self, kind: Kind, frame: Frame) -> Timed | None:
        second = self._alignment.place(self._taps[kind].timeline, frame.ticks)
        return None if second is None else Timed(kind, second, frame)

    def _may_begin(self, now: float) -> bool:
        here = {kind for kind, _ in self._early}
        if "video" not in self._taps:
            return "audio" in here
        if "video" not in here:
            return False
        if self._picture_since is None:
            self._picture_since = now
        heard = "audio" not in self._taps or "audio" in here
        return heard or now - self._picture_since >= SOUND_WAITS


def usable(publications: Mapping[Kind, Publication]) -> dict[Kind, Publication]:
    """Those whose frames we can tell."""
    return {
        kind: publication
        for kind, publication in publications.items()
        if publication.codec.name.upper() in CODECS
    }


def names(publications: Mapping[Kind, Publication]) -> dict[Kind, str]:
    return {kind: publication.codec.name.upper() for kind, publication in publications.items()}
