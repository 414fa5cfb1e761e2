"""What somebody tells admins about a post, a live or a person."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from wagu.domain.live import LiveId
from wagu.domain.person import MemberId
from wagu.domain.post import PostId
from wagu.domain.text import clean_text
from wagu.errors import Invalid

LONGEST_TEXT = 500


class Reason(enum.StrEnum):
    SPAM = "spam"
    ABUSE = "abuse"
    SEXUAL = "sexual"
    VIOLENCE = "violence"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class NewReport:
    """`member` is who wrote the post, hosts the live, or is meant as such."""

    member: MemberId
    post: PostId | None
    live: LiveId | None
    reason: Reason
    text: str


def report_text(raw: str) -> str:
    text = clean_text(raw, LONGEST_TEXT)
    if text is None:
        raise Invalid("report.bad_text", f"설명은 {LONGEST_TEXT}자까지예요.", field="text")
    return text
