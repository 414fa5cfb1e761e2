"""Messages between the server and the process that writes: a head, then a body. Pure.

Head: length of the body, kind, number of the recording, stream, microseconds.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum
from struct import Struct
from typing import NamedTuple

HEAD = Struct("!IBIBq")
MAX_BODY = 8 * 1024 * 1024


class Kind(IntEnum):
    """Down: OPEN (JSON of `Plan`), FRAME, KEYFRAME, CLOSE, PICTURE (a keyframe to be decoded), HEAD
    (`HeadWanted`). Up: CLOSED (JSON of `Written`), PICTURE (WebP), HEAD (the beginning of an MP4);
    the last two are empty where the bytes are no keyframe."""

    OPEN = 1
    FRAME = 2
    KEYFRAME = 3
    CLOSE = 4
    PICTURE = 5
    CLOSED = 6
    HEAD = 7


SOUND, PICTURE = 0, 1
"""The two streams of a recording."""


class Message(NamedTuple):
    kind: Kind
    number: int
    stream: int
    microseconds: int
    body: bytes


class HeadWanted(NamedTuple):
    """A head for these codecs (upper-case names) whose picture begins with `keyframe`."""

    picture: str | None
    sound: str | None
    keyframe: bytes

    def to_bytes(self) -> bytes:
        return b"\0".join(
            ((self.picture or "").encode(), (self.sound or "").encode(), self.keyframe)
        )

    @classmethod
    def of(cls, data: bytes) -> HeadWanted:
        picture, sound, keyframe = data.split(b"\0", 2)
        return cls(picture.decode() or None, sound.decode() or None, keyframe)


def pack(kind: Kind, number: int, body: bytes = b"", *, stream: int = 0, at: int = 0) -> bytes:
    return HEAD.pack(len(body), kind, number, stream, at) + body


class Reader:
    """Bytes as they come → whole messages. Raises ValueError for what is none."""

    def __init__(self) -> None:
        self._data = bytearray()

    def feed(self, data: bytes) -> Iterator[Message]:
        self._data += data
        while len(self._data) >= HEAD.size:
            length, kind, number, stream, at = HEAD.unpack_from(self._data)
            if length > MAX_BODY:
                raise ValueError("a message longer than any")
            end = HEAD.size + length
            if len(self._data) < end:
                return
            body = bytes(self._data[HEAD.size : end])
            del self._data[:end]
            yield Message(Kind(kind), number, stream, at, body)
