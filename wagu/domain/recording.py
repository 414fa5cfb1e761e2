"""One file of a live's recording. A live has several when its host came back with another codec, or
the server started again in the middle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NewType

from wagu.domain.live import LiveId

RecordingId = NewType("RecordingId", str)
"""22 characters of 128 random bits."""


@dataclass(frozen=True, slots=True)
class Recording:
    """`seconds` is None where its writing was cut off; the file plays as far as it goes. `size` in
    bytes, 0 while it is being made."""

    id: RecordingId
    live: LiveId
    media_type: str
    seconds: float | None
    size: int
    created_at: float
