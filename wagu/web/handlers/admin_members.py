"""Members, for admins: find them, keep them out and let them in again, make them admins."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from wagu.bus import PersonRenamed
from wagu.db.admins import Known, Standing
from wagu.domain.matching import LONGEST_QUESTION
from wagu.domain.member import Member
from wagu.domain.people import addressed, not_oneself
from wagu.web import keys
from wagu.web.handlers.feed import After, Limit, mark
from wagu.web.models import Millis, Query, View, millis
from wagu.web.route import Call
from wagu.web.sign_out import out_of_everything

PER_PAGE = 30


class KnownQuery(Query):
    q: Annotated[
        str, Field(max_length=LONGEST_QUESTION, description="name or username; empty: everybody")
    ] = ""
    standing: Standing | None = None
    limit: Limit = PER_PAGE
    after: After = None


class KnownView(View):
    id: str
    username: str
    name: str
    admin: bool
    standing: Standing
    created_at: Millis


class KnownMembers(View):
    """The newest first."""

    members: list[KnownView]
    next: Annotated[str | None, Field(description="`after` of the next page")]


async def index(call: Call[KnownQuery]) -> KnownMembers:
    asked = call.input
    page = await call[keys.ADMINS].members(
        asked.q, asked.standing, after=mark(asked.after), limit=asked.limit
    )
    end = None if page.next is None else str(page.next)
    return KnownMembers(members=[_view(known) for known in page.members], next=end)


async def suspend(call: Call[None]) -> None:
    """They are signed out everywhere; their lives and shared maps end. What they wrote stays."""
    username = addressed(call.path("username"))
    _, me = call.member
    if (await call[keys.MEMBERS].by_username(username)).id == me:
        raise not_oneself()
    found, lives = await call[keys.ADMINS].suspend(username, call.now)
    await out_of_everything(call, found.person, lives, "by_admin")


async def unsuspend(call: Call[None]) -> None:
    await call[keys.ADMINS].unsuspend(addressed(call.path("username")))


async def make_admin(call: Call[None]) -> None:
    username = addressed(call.path("username"))
    await _tell(call, await call[keys.ADMINS].set_admin(username, True))


async def unmake_admin(call: Call[None]) -> None:
    username = addressed(call.path("username"))
    await _tell(call, await call[keys.ADMINS].set_admin(username, False))


async def _tell(call: Call[None], changed: Member) -> None:
    """Where they are signed in their rights are others from now on."""
    await call[keys.SESSIONS].update(changed.person)
    call[keys.BUS].publish(PersonRenamed(changed.person))


def _view(known: Known) -> KnownView:
    member = known.member
    return KnownView(
        id=member.person.id,
        username=member.username,
        name=member.name,
        admin=member.admin,
        standing=known.standing,
        created_at=millis(known.created_at),
    )
