"""What waits to be sent to one socket: bounded, and presence coalesced to one frame.

Presence goes out when nothing else waits, so a slow reader gets the newest look of everyone late
rather than every look later still. Pure: no I/O, no clock.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping

from wagu.realtime.line import Frame
from wagu.realtime.messages import Presence, ServerMessage
from wagu.realtime.states import LookChange

FRAMES_MAX = 256
BYTES_MAX = 4 * 1024 * 1024
"""A `joined` of a full room is about half a MiB: a client that joins again and again without
reading must not fill memory within its 256 frames."""


class Outbox:
    def __init__(self, encode: Callable[[ServerMessage], Frame]) -> None:
        self._encode = encode
        self._frames: deque[Frame] = deque()
        self._bytes = 0
        self._people: dict[str, LookChange] = {}
        self._presence: Frame | None = None

    def put(self, frame: Frame) -> bool:
        """False when it is full: the reader is too slow to be kept."""
        if len(self._frames) >= FRAMES_MAX or self._bytes + len(frame) > BYTES_MAX:
            return False
        self._frames.append(frame)
        self._bytes += len(frame)
        return True

    def put_presence(self, people: Mapping[str, LookChange], frame: Frame) -> None:
        """`frame` is `people` encoded, shared by all sockets; only a merge encodes anew."""
        self._presence = None if self._people else frame
        for person, change in people.items():
            before = self._people.get(person)
            self._people[person] = change if before is None else before.followed_by(change)

    def forget_presence(self) -> None:
        """Of a room that the socket has left."""
        self._people.clear()

    def take(self) -> Frame | None:
        """The next frame to send."""
        if self._frames:
            frame = self._frames.popleft()
            self._bytes -= len(frame)
            return frame
        if not self._people:
            return None
        frame = self._presence or self._encode(Presence(self._people))
        self._people = {}
        return frame

    def __len__(self) -> int:
        return len(self._frames) + bool(self._people)
