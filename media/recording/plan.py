"""What is to be written, and what was: values that travel between the server and its writer."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Container = Literal["webm", "mp4"]

MEDIA_TYPES: dict[Container, str] = {"webm": "video/webm", "mp4": "video/mp4"}


@dataclass(frozen=True, slots=True)
class Plan:
    """A file: `sound` and `picture` are upper-case names of codecs, or None."""

    path: str
    container: Container
    sound: str | None
    picture: str | None

    def to_json(self) -> bytes:
        return json.dumps(asdict(self)).encode()

    @classmethod
    def of(cls, data: bytes) -> Plan:
        return cls(**json.loads(data))


@dataclass(frozen=True, slots=True)
class Written:
    """A finished file of `size` bytes. `dropped` counts frames that the container refused."""

    path: str
    container: Container
    seconds: float
    size: int
    width: int
    height: int
    dropped: int = 0
    problems: list[str] = field(default_factory=list)

    def to_json(self) -> bytes:
        return json.dumps(asdict(self)).encode()

    @classmethod
    def of(cls, data: bytes) -> Written:
        found: dict[str, Any] = json.loads(data)
        return cls(**found)


def container_of(picture: str | None) -> Container:
    """MP4 has no VP8, and Safari plays no WebM with H.264; sound alone goes into WebM."""
    return "mp4" if picture in {"H264", "AV1"} else "webm"
