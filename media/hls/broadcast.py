"""One room by HLS: from what its publisher shows to a window of segments, while anybody asks.

    programme → (the head, by the writing process) → fragmenter → window → those who wait

The fragments are made here and not in the writing process: it is a copy and 60 bytes a frame, and
they are needed here.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Mapping

from media.codecs import Kind
from media.errors import NoSegment, TooEarly
from media.hls.bitstream import sample_of, signature_of
from media.hls.fragmenter import Fragmenter
from media.hls.waiting import Waiting
from media.hls.window import TARGET, Window
from media.recording.process import WriterProcess
from media.recording.programme import Programme, Timed, names
from media.recording.wire import HeadWanted, Message
from media.recording.wire import Kind as Messages
from media.routing.publication import Publication

logger = logging.getLogger(__name__)

KEYFRAME_EVERY = 2.0
"""Seconds: a publisher's own interval may be minutes."""
HURRY = 1.0
"""Seconds, until the first segment is whole, for which the first viewer waits."""
PATIENCE = 3.0 * TARGET
"""Seconds that a request waits at most (6.2.5.2)."""
FAR_AHEAD = 2
"""Segments beyond the newest that may be asked for (6.2.5.2)."""
MAX_PENDING = 400
"""Frames that wait for a head: 5 s of sound and picture."""


class Broadcast:
    """`follow` a publisher, `tick`, and give out what there is. `asked` is when that was last.

    `number` is the first media sequence number.
    """

    def __init__(
        self,
        writer: WriterProcess,
        number: int,
        *,
        egress: bytearray,
        clock: Callable[[], float],
    ) -> None:
        self.window = Window(number)
        self.waiting = Waiting()
        self.asked = clock()
        self._writer = writer
        self._egress = egress
        self._clock = clock
        self._programme: Programme | None = None
        self._fragmenter: Fragmenter | None = None
        self._signature: bytes | None = None
        self._head_asked: int | None = None
        self._pending: deque[Timed] = deque()
        self._keyframe_at = float("-inf")

    def follow(self, publications: Mapping[Kind, Publication], now: float) -> None:
        """Show these from now on; another codec makes another head."""
        if self._programme is not None and self._programme.codecs != names(publications):
            self._stop()
        if self._programme is None:
            codecs = {kind: each.codec for kind, each in publications.items()}
            self._programme = Programme(codecs, egress=self._egress, clock=self._clock)
        self._programme.follow(publications, now)

    def tick(self, now: float) -> None:
        """Every 50 ms or so."""
        programme = self._programme
        if programme is None:
            return
        for timed in programme.frames(now):
            if timed.kind == "video" and timed.frame.keyframe:
                self._keyframe_at = now
            self._take(timed)
        if now - self._keyframe_at >= (KEYFRAME_EVERY if self.window.ready else HURRY):
            self._keyframe_at = now
            programme.want_keyframe()
        self.waiting.wake()

    def close(self) -> None:
        self._stop()
        self.window.close()
        self.waiting.wake()

    async def playlist(self, segment: int | None, part: int | None) -> str:
        """The playlist, once it has this part of this segment, or the segment.

        Raises TooEarly, HlsBusy.
        """
        window = self.window
        if segment is not None and window.ready and segment > window.last + FAR_AHEAD:
            raise TooEarly
        await self.waiting.until(lambda: self._has(segment, part), PATIENCE)
        self.asked = self._clock()
        return window.playlist()

    async def part(self, segment: int, index: int) -> bytes:
        """A part; the one that is hinted at, as soon as it is there. Raises NoSegment, HlsBusy."""
        window = self.window
        await self.waiting.until(lambda: not window.is_next(segment, index), PATIENCE)
        return _found(window.part(segment, index))

    def segment(self, number: int) -> bytes:
        return _found(self.window.segment(number))

    def head(self, number: int) -> bytes:
        return _found(self.window.head(number))

    def _has(self, segment: int | None, part: int | None) -> bool:
        window = self.window
        if window.closed:
            return True
        return window.ready and (segment is None or window.reaches(segment, part))

    # ------------------------------------------------------------------------------------- frames

    def _take(self, timed: Timed) -> None:
        """Frames wait while a head is made, and what needs another head makes one."""
        if self._head_asked is None and self._needs_head(timed):
            self._ask_head(timed)
        if self._head_asked is None:
            self._add(timed)
        elif len(self._pending) < MAX_PENDING:
            self._pending.append(timed)
        else:
            self._give_up("the writing process does not answer")

    def _needs_head(self, timed: Timed) -> bool:
        programme = self._programme
        assert programme is not None
        picture = programme.codecs.get("video")
        if picture is None:
            return self._signature is None
        if timed.kind != "video" or not timed.frame.keyframe:
            return False
        return signature_of(picture, timed.frame.data) != self._signature

    def _ask_head(self, timed: Timed) -> None:
        assert self._programme is not None
        codecs = self._programme.codecs
        picture = codecs.get("video")
        keyframe = timed.frame.data if picture is not None else b""
        wanted = HeadWanted(picture, codecs.get("audio"), keyframe)
        self._signature = signature_of(picture, keyframe) if picture is not None else b""
        number = self._writer.begin(lambda answer: self._headed(number, answer))
        self._head_asked = number
        if not self._writer.send(Messages.HEAD, number, wanted.to_bytes()):
            self._give_up("the writing process is busy")

    def _headed(self, number: int, answer: Message | None) -> None:
        if number != self._head_asked or self._programme is None:
            return
        if answer is None or not answer.body:
            self._give_up("there is no head for the keyframe")
            return
        self._head_asked = None
        self._finish()
        self.window.begin(answer.body)
        pending, self._pending = self._pending, deque()
        first = pending[0].second
        self._fragmenter = Fragmenter(self.window, self._programme.codecs, first)
        for timed in pending:
            self._take(timed)
        self.waiting.wake()

    def _give_up(self, why: str) -> None:
        """Until the next keyframe, which is asked for soon."""
        logger.warning("x dropped: %d frames for HLS: %s", len(self._pending), why)
        if self._head_asked is not None:
            self._writer.forget(self._head_asked)
        self._head_asked = self._signature = None
        self._pending.clear()
        self._finish()

    def _add(self, timed: Timed) -> None:
        if self._fragmenter is None or self._programme is None:
            return  # there was no keyframe yet that a head could be made of
        data, key = timed.frame.data, timed.frame.keyframe
        if timed.kind == "video":
            data = sample_of(self._programme.codecs["video"], data)
        if data:
            self._fragmenter.add(timed.kind, timed.second, data, keyframe=key)

    def _finish(self) -> None:
        if self._fragmenter is not None:
            self._fragmenter.finish()
            self._fragmenter = None

    def _stop(self) -> None:
        """What is followed now is over."""
        if self._head_asked is not None:
            self._writer.forget(self._head_asked)
        self._head_asked = self._signature = None
        self._pending.clear()
        self._finish()
        if self._programme is not None:
            self._programme.leave()
            self._programme = None


def _found(data: bytes | None) -> bytes:
    if data is None:
        raise NoSegment
    return data
