"""What of a stream can be had now: a sliding window of segments and parts, and its playlist. Pure.

RFC 8216 and the low-latency extensions of its successor (draft-pantos-hls-rfc8216bis): parts are
listed as soon as they are whole, and a client may ask for a playlist that has the next one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

TARGET = 4
"""Seconds of a segment at most; mostly it is as long as the keyframes are apart."""
PART_TARGET = 0.5
HOLD_BACK = 3 * TARGET
PART_HOLD_BACK = 3 * PART_TARGET
"""How far from the end players begin; the draft wants three parts at least (4.4.3.8)."""
LISTED = 3.0 * TARGET
"""Seconds that stay in the playlist at least (RFC 8216, 6.2.2)."""
KEPT = 12.0
"""Seconds that a segment is served on after it has left the playlist."""
WITH_PARTS = 3
"""Segments whose parts are listed; players begin 1.5 s from the end, which is within the last."""
MAX_BYTES = 48 * 1024 * 1024
"""Of all that is kept: half a minute of 12 Mbit/s. Beyond, the oldest go early."""


@dataclass(frozen=True, slots=True)
class Part:
    """A fragment; `independent` ones can be begun with."""

    data: bytes
    seconds: float
    independent: bool


@dataclass(slots=True)
class Segment:
    """`number` is its media sequence number, `head` that of the segment whose head it needs."""

    number: int
    head: int
    discontinuity: bool
    parts: list[Part] = field(default_factory=list)
    whole: bool = False

    @property
    def seconds(self) -> float:
        return sum(part.seconds for part in self.parts)

    @property
    def size(self) -> int:
        return sum(len(part.data) for part in self.parts)


class Window:
    """`begin` with a head, then `add` parts and `end` segments; ask for what is there.

    `first` is the first media sequence number: whoever begins a stream again under the same address
    must take a higher one, or old parts could be taken for new ones.
    """

    def __init__(self, first: int) -> None:
        self._next = first
        self._segments: deque[Segment] = deque()
        self._heads: dict[int, bytes] = {}
        self._head: int | None = None
        self._listed = first
        self._breaks = 0
        self._broken = False
        self.closed = False

    @property
    def ready(self) -> bool:
        """Whether a player can begin: some take no playlist without a whole segment."""
        return any(segment.whole for segment in self._segments)

    @property
    def size(self) -> int:
        return sum(segment.size for segment in self._segments)

    @property
    def last(self) -> int:
        """The number of the newest segment, or of the one to come where there is none."""
        return self._segments[-1].number if self._segments else self._next

    def begin(self, head: bytes) -> None:
        """What follows is to be decoded with another head."""
        self.end()
        self._head = self._next
        self._heads[self._head] = head
        self.interrupt()

    def interrupt(self) -> None:
        """What follows does not go on from what was before."""
        self.end()
        self._broken = bool(self._segments)

    def add(self, part: Part) -> None:
        """The next part of the open segment, which it opens if need be."""
        if self._head is None:
            raise ValueError("a part before any head")
        if not self._segments or self._segments[-1].whole:
            self._segments.append(Segment(self._next, self._head, self._broken))
            self._next += 1
            self._broken = False
        self._segments[-1].parts.append(part)

    def end(self) -> None:
        """The open segment is whole."""
        if self._segments:
            self._segments[-1].whole = True
            self._forget()

    def close(self) -> None:
        """There is no more to come."""
        self.end()
        self.closed = True

    def reaches(self, segment: int, part: int | None = None) -> bool:
        """Whether the playlist has this segment whole, or this part of it (6.2.5.2). A part beyond
        the end of its segment means the first of the next one."""
        if self.closed:
            return True
        if not self._segments or segment > self.last:
            return False
        newest = self._segments[-1]
        if segment < newest.number:
            return True
        return newest.whole if part is None else part < len(newest.parts)

    def head(self, number: int) -> bytes | None:
        return self._heads.get(number)

    def segment(self, number: int) -> bytes | None:
        """A whole segment."""
        found = self._find(number)
        if found is None or not found.whole:
            return None
        return b"".join(part.data for part in found.parts)

    def part(self, number: int, index: int) -> bytes | None:
        found = self._find(number)
        if found is None or index >= len(found.parts):
            return None
        return found.parts[index].data

    def is_next(self, number: int, index: int) -> bool:
        """Whether this part is the one that the playlist hints at."""
        return not self.closed and (number, index) == self._hint()

    def playlist(self) -> str:
        return "\n".join(self._lines()) + "\n"

    def _lines(self) -> Iterator[str]:
        listed = [each for each in self._segments if each.number >= self._listed]
        yield "#EXTM3U"
        yield "#EXT-X-VERSION:9"
        yield f"#EXT-X-TARGETDURATION:{TARGET}"
        yield (
            "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES"
            f",HOLD-BACK={HOLD_BACK},PART-HOLD-BACK={PART_HOLD_BACK:g}"
        )
        yield f"#EXT-X-PART-INF:PART-TARGET={PART_TARGET:g}"
        yield f"#EXT-X-MEDIA-SEQUENCE:{listed[0].number if listed else self._next}"
        yield f"#EXT-X-DISCONTINUITY-SEQUENCE:{self._breaks}"
        head = None
        for segment in listed:
            if segment.discontinuity and segment is not listed[0]:
                yield "#EXT-X-DISCONTINUITY"
            if segment.head != head:
                head = segment.head
                yield f'#EXT-X-MAP:URI="head-{head}.mp4"'
            if segment.number > self.last - WITH_PARTS:
                yield from _part_lines(segment)
            if segment.whole:
                yield f"#EXTINF:{segment.seconds:.5f},"
                yield f"{segment.number}.m4s"
        if self.closed:
            yield "#EXT-X-ENDLIST"
        else:
            number, index = self._hint()
            yield f'#EXT-X-PRELOAD-HINT:TYPE=PART,URI="{number}.{index}.m4s"'

    def _hint(self) -> tuple[int, int]:
        if self._segments and not self._segments[-1].whole:
            return self._segments[-1].number, len(self._segments[-1].parts)
        return self._next, 0

    def _find(self, number: int) -> Segment | None:
        if not self._segments:
            return None
        at = number - self._segments[0].number
        return self._segments[at] if 0 <= at < len(self._segments) else None

    def _forget(self) -> None:
        segments = self._segments
        spans = {each.number: each.seconds if each.whole else 0.0 for each in segments}
        listed = sum(span for number, span in spans.items() if number >= self._listed)
        while listed - spans[self._listed] >= LISTED:
            listed -= spans[self._listed]
            self._listed += 1
            # A break counts as gone with the segment that it stands before; what then is first in
            # the list needs none.
            following = self._find(self._listed)
            self._breaks += following is not None and following.discontinuity
        kept = sum(span for number, span in spans.items() if number < self._listed)
        size = self.size
        while len(segments) > 1 and (kept > KEPT or size > MAX_BYTES):
            gone = segments.popleft()
            kept -= spans[gone.number]
            size -= gone.size
            if gone.number == self._listed:
                self._listed += 1
                self._breaks += segments[0].discontinuity
        needed = {each.head for each in segments} | {self._head}
        self._heads = {number: head for number, head in self._heads.items() if number in needed}


def _part_lines(segment: Segment) -> Iterator[str]:
    for index, part in enumerate(segment.parts):
        independent = ",INDEPENDENT=YES" if part.independent else ""
        uri = f"{segment.number}.{index}.m4s"
        yield f'#EXT-X-PART:DURATION={part.seconds:.5f},URI="{uri}"{independent}'
