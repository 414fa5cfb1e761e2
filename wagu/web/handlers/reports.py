"""Reports: members tell admins about a post, a live or somebody; admins look, act and close."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from wagu.db.admins import Standing
from wagu.db.reports import Report, Somebody
from wagu.domain.key import LARGEST_ID, key_of
from wagu.domain.live import LiveState, live_id
from wagu.domain.people import addressed, not_oneself
from wagu.domain.person import MemberId
from wagu.domain.post import PostId
from wagu.domain.report import NewReport, Reason, report_text
from wagu.errors import Invalid, NotFound
from wagu.web import keys
from wagu.web.handlers.feed import After, Limit, mark
from wagu.web.models import Body, Millis, Query, View, millis
from wagu.web.route import Call

PER_PAGE = 30


class ReportBody(Body):
    """About one of the three."""

    post_id: Annotated[int | None, Field(ge=1, le=LARGEST_ID)] = None
    live_id: str | None = None
    username: str | None = None
    reason: Reason
    text: str = ""


class ReportsQuery(Query):
    limit: Limit = PER_PAGE
    after: After = None


class SomebodyView(View):
    username: str
    name: str

    @classmethod
    def of(cls, somebody: Somebody) -> SomebodyView:
        return cls(username=somebody.username, name=somebody.name)


class ReportedPostView(View):
    id: int
    excerpt: str


class ReportedLiveView(View):
    id: str
    title: str
    state: LiveState


class ReportView(View):
    id: int
    reporter: SomebodyView
    member: Annotated[SomebodyView, Field(description="whose it is, or who is meant")]
    standing: Standing
    post: ReportedPostView | None
    live: ReportedLiveView | None
    reason: Reason
    text: str
    created_at: Millis


class OpenReports(View):
    """The newest first."""

    reports: list[ReportView]
    next: Annotated[str | None, Field(description="`after` of the next page")]


async def create(call: Call[ReportBody]) -> None:
    """What one cannot see one cannot report: the answer is as if it were not there."""
    _, me = call.member
    new = await _about(call, me)
    if new.member == me:
        raise not_oneself()
    await call[keys.REPORTS].add(me, new, call.now)


async def index(call: Call[ReportsQuery]) -> OpenReports:
    page = await call[keys.REPORTS].open(after=mark(call.input.after), limit=call.input.limit)
    end = None if page.next is None else str(page.next)
    return OpenReports(reports=[_view(report) for report in page.reports], next=end)


async def close(call: Call[None]) -> None:
    found = key_of(call.path("id"))
    if found is None:
        raise NotFound("report.unknown", "없는 신고예요.")
    await call[keys.REPORTS].close(found, call.now)


async def _about(call: Call[ReportBody], me: MemberId) -> NewReport:
    said = call.input
    reason, text = said.reason, report_text(said.text)
    match said.post_id, said.live_id, said.username:
        case (int(post), None, None):
            found = await call[keys.POSTS].get(PostId(post), me)
            return NewReport(found.author.id, found.id, None, reason, text)
        case (None, str(live), None):
            seen = await call[keys.LIVES].seen(live_id(live), me)
            host = (await call[keys.MEMBERS].by_username(seen.host.username)).id
            return NewReport(host, None, seen.id, reason, text)
        case (None, None, str(username)):
            profile = await call[keys.PEOPLE].profile(addressed(username), me)
            return NewReport(profile.someone.id, None, None, reason, text)
    raise Invalid("report.one_thing", "무엇을 신고하는지 하나만 알려 주세요.")


def _view(report: Report) -> ReportView:
    post, live = report.post, report.live
    return ReportView(
        id=report.id,
        reporter=SomebodyView.of(report.reporter),
        member=SomebodyView.of(report.member),
        standing=report.standing,
        post=None if post is None else ReportedPostView(id=post.id, excerpt=post.excerpt),
        live=None
        if live is None
        else ReportedLiveView(id=live.id, title=live.title, state=live.state),
        reason=report.reason,
        text=report.text,
        created_at=millis(report.created_at),
    )
