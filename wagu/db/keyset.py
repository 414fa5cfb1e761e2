"""Pages by keyset: a page begins after the last row of the one before, so that what is written
meanwhile neither repeats a row nor hides one, and page 500 costs what page one does."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from sqlalchemy import BigInteger, ColumnElement, Double, bindparam, tuple_

from wagu.db.schema import post
from wagu.domain.live import LiveId
from wagu.domain.recording import RecordingId
from wagu.errors import Invalid

SHAPE = re.compile(r"(\d{1,12}(?:\.\d{1,12})?)-(\d{1,16})", re.ASCII)


LIVE_SHAPE = re.compile(r"(\d{1,12}(?:\.\d{1,12})?)-([\w-]{22})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a page of posts ended; as text it is the `next` of one answer, the `after` of one
    request, and opaque to clients."""

    created_at: float
    id: int

    def __str__(self) -> str:
        return f"{self.created_at!r}-{self.id}"

    @classmethod
    def read(cls, text: str) -> Mark:
        """Invalid `request.invalid` for what no answer ever said."""
        found = SHAPE.fullmatch(text)
        if found is None or not math.isfinite(float(found[1])):
            raise _never_said()
        return cls(float(found[1]), int(found[2]))


@dataclass(frozen=True, slots=True)
class LiveMark:
    """Where a page of lives, or of their recordings, ended; their ids are words."""

    created_at: float
    id: LiveId | RecordingId

    def __str__(self) -> str:
        return f"{self.created_at!r}-{self.id}"

    @classmethod
    def read(cls, text: str) -> LiveMark:
        """Invalid `request.invalid` for what no answer ever said."""
        found = LIVE_SHAPE.fullmatch(text)
        if found is None:
            raise _never_said()
        return cls(float(found[1]), LiveId(found[2]))


def older() -> ColumnElement[bool]:
    """Posts that come after the parameters `after_at`, `after_id` in NEWEST_FIRST."""
    at, id_ = bindparam("after_at", type_=Double), bindparam("after_id", type_=BigInteger)
    return tuple_(post.c.created_at, post.c.id) < tuple_(at, id_)


def _never_said() -> Invalid:
    return Invalid("request.invalid", "올바르지 않은 값이에요.", field="after")


NEWEST_FIRST = (post.c.created_at.desc(), post.c.id.desc())
