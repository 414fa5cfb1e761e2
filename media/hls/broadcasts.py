"""All rooms of one SFU that are watched by HLS: from the first request until nobody asks."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from media.codecs import Kind
from media.errors import NoHls, NoSegment
from media.hls.broadcast import Broadcast
from media.recording.process import WriterProcess
from media.recording.programme import usable
from media.routing.publication import Publication

WANTED = ("H264", "VP9", "AV1")
"""Pictures that players decode out of MP4, the widest known first. VP8 is not among them."""
IDLE = 30.0
"""Seconds without a playlist being asked for."""
NAME = re.compile(r"(?:head-(\d{1,15})\.mp4|(\d{1,15})(?:\.(\d{1,4}))?\.m4s)")

Shown = Callable[[str], Mapping[Kind, Publication]]
"""What a room's publisher shows now; empty without one."""


class Broadcasts:
    """Rooms by key."""

    def __init__(
        self,
        writer: WriterProcess,
        shown: Shown,
        *,
        egress: bytearray,
        clock: Callable[[], float],
    ) -> None:
        self._writer = writer
        self._shown = shown
        self._egress = egress
        self._clock = clock
        self._broadcasts: dict[str, Broadcast] = {}
        self._followed: dict[str, Mapping[Kind, Publication]] = {}

    def can(self, room: str) -> bool:
        """Whether what the room shows now can be had by HLS."""
        showing = usable(self._shown(room))
        picture = showing.get("video")
        if picture is None:
            return bool(showing) and "video" not in self._shown(room)
        return picture.codec.name.upper() in WANTED

    async def playlist(self, room: str, segment: int | None, part: int | None) -> str:
        """Raises NoHls, TooEarly, HlsBusy."""
        found = self._broadcasts.get(room)
        if found is None:
            if not self.can(room):
                raise NoHls
            found = self._begin(room)
        found.asked = self._clock()
        return await found.playlist(segment, part)

    async def file(self, room: str, name: str) -> bytes:
        """A head, a segment or a part, as the playlist names them. Raises NoSegment, HlsBusy."""
        found, named = self._broadcasts.get(room), NAME.fullmatch(name)
        if found is None or named is None:
            raise NoSegment
        head, segment, part = (int(each) if each is not None else None for each in named.groups())
        if head is not None:
            return found.head(head)
        assert segment is not None
        return found.segment(segment) if part is None else await found.part(segment, part)

    def tick(self, now: float) -> None:
        """Every 50 ms or so."""
        for room, broadcast in tuple(self._broadcasts.items()):
            if now - broadcast.asked >= IDLE:
                self.stop(room)
                continue
            self._look(room, broadcast, now)
            broadcast.tick(now)

    def stop(self, room: str) -> None:
        """Idempotent. Those who wait are told that it is over."""
        broadcast = self._broadcasts.pop(room, None)
        self._followed.pop(room, None)
        if broadcast is not None:
            broadcast.close()

    def close(self) -> None:
        for room in tuple(self._broadcasts):
            self.stop(room)

    @property
    def count(self) -> int:
        return len(self._broadcasts)

    def stats(self) -> dict[str, int]:
        broadcasts = self._broadcasts.values()
        return {
            "streams": self.count,
            "waiting": sum(len(each.waiting) for each in broadcasts),
            "bytes": sum(each.window.size for each in broadcasts),
        }

    def _begin(self, room: str) -> Broadcast:
        now = self._clock()
        # Four a second is more than there ever are, so a stream that begins again never comes by
        # the numbers of its former self: browsers keep what they have fetched.
        number = int(now * 4)
        broadcast = Broadcast(self._writer, number, egress=self._egress, clock=self._clock)
        self._broadcasts[room] = broadcast
        self._look(room, broadcast, now)
        return broadcast

    def _look(self, room: str, broadcast: Broadcast, now: float) -> None:
        showing = self._shown(room)
        followed = self._followed.get(room, {})
        # By identity: a publisher that reloads has other publications.
        if not showing or showing == followed:
            return
        self._followed[room] = showing
        if self.can(room):
            broadcast.follow(usable(showing), now)
        else:
            self.stop(room)  # it came back in a codec that cannot be shown
