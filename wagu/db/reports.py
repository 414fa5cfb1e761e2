"""Reports that wait for an admin. One goes with what it is about, as nothing is left to look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, func, insert, select, tuple_, update

from wagu.db.admins import Standing, standing_now
from wagu.db.engine import Database
from wagu.db.keyset import Mark
from wagu.db.schema import live, member, post, report, suspension
from wagu.domain.live import LiveId, LiveState
from wagu.domain.person import MemberId
from wagu.domain.post import EXCERPT, PostId
from wagu.domain.report import NewReport, Reason


@dataclass(frozen=True, slots=True)
class Somebody:
    username: str
    name: str


@dataclass(frozen=True, slots=True)
class ReportedPost:
    id: PostId
    excerpt: str


@dataclass(frozen=True, slots=True)
class ReportedLive:
    id: LiveId
    title: str
    state: LiveState


@dataclass(frozen=True, slots=True)
class Report:
    """With neither a post nor a live it is about the member."""

    id: int
    reporter: Somebody
    member: Somebody
    standing: Standing
    post: ReportedPost | None
    live: ReportedLive | None
    reason: Reason
    text: str
    created_at: float


@dataclass(frozen=True, slots=True)
class ReportPage:
    reports: list[Report]
    next: Mark | None


class Reports:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def add(self, reporter: MemberId, new: NewReport, now: float) -> None:
        """Told again about the same while it is open changes nothing."""
        same = select(report.c.id).where(
            report.c.reporter_id == reporter,
            report.c.member_id == new.member,
            report.c.post_id.is_not_distinct_from(new.post),
            report.c.live_id.is_not_distinct_from(new.live),
            report.c.closed_at.is_(None),
        )
        values = {
            "reporter_id": reporter,
            "member_id": new.member,
            "post_id": new.post,
            "live_id": new.live,
            "reason": new.reason.value,
            "text": new.text,
            "created_at": now,
        }
        async with self._db.write() as connection:
            if (await connection.execute(same)).first() is None:
                await connection.execute(insert(report).values(values))

    async def open(self, *, after: Mark | None, limit: int) -> ReportPage:
        """The newest first."""
        order = (report.c.created_at, report.c.id)
        query = _reports().where(report.c.closed_at.is_(None))
        query = query.order_by(*(column.desc() for column in order)).limit(limit + 1)
        if after is not None:
            query = query.where(tuple_(*order) < (after.created_at, after.id))
        async with self._db.read() as connection:
            rows = (await connection.execute(query)).all()
        page = rows[:limit]
        end = Mark(page[-1].created_at, page[-1].id) if len(rows) > limit else None
        return ReportPage([_report_of(row) for row in page], end)

    async def close(self, report_id: int, now: float) -> None:
        """Idempotent, also for one that went with what it was about."""
        open_one = (report.c.id == report_id) & report.c.closed_at.is_(None)
        async with self._db.write() as connection:
            await connection.execute(update(report).where(open_one).values(closed_at=now))


def _reports() -> Select[tuple[Any, ...]]:
    reporter = member.alias("reporter")
    tables = (
        report.join(member, member.c.id == report.c.member_id)
        .join(reporter, reporter.c.id == report.c.reporter_id)
        .outerjoin(suspension, suspension.c.member_id == member.c.id)
        .outerjoin(post, post.c.id == report.c.post_id)
        .outerjoin(live, live.c.id == report.c.live_id)
    )
    return select(
        report,
        member.c.username,
        member.c.name,
        standing_now.label("standing"),
        reporter.c.username.label("reporter_username"),
        reporter.c.name.label("reporter_name"),
        func.substr(post.c.text, 1, EXCERPT).label("excerpt"),
        live.c.title,
        live.c.state,
    ).select_from(tables)


def _report_of(row: Row[*tuple[Any, ...]]) -> Report:
    return Report(
        id=row.id,
        reporter=Somebody(row.reporter_username, row.reporter_name),
        member=Somebody(row.username, row.name),
        standing=Standing(row.standing),
        post=None if row.post_id is None else ReportedPost(PostId(row.post_id), row.excerpt),
        live=None
        if row.live_id is None
        else ReportedLive(LiveId(row.live_id), row.title, LiveState(row.state)),
        reason=Reason(row.reason),
        text=row.text,
        created_at=row.created_at,
    )
