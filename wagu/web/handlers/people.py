"""Other people: who they are, what they wrote, following and blocking them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field

from wagu.bus import PersonBlocked
from wagu.db.people import People
from wagu.domain.matching import LONGEST_QUESTION
from wagu.domain.people import Profile, Someone, addressed
from wagu.domain.person import MemberId, member_person_id
from wagu.web import keys
from wagu.web.handlers.feed import After, Cards, Limit, mark
from wagu.web.handlers.photos import photo_url
from wagu.web.models import Query, View
from wagu.web.route import Call

PER_PAGE = 30
DEEPEST = 1_000


class PeopleQuery(Query):
    q: Annotated[str, Field(max_length=LONGEST_QUESTION, description="name or username, or 초성")]
    limit: Limit = PER_PAGE
    after: Annotated[int, Field(ge=0, le=DEEPEST, description="`next` of the page before")] = 0


class PageQuery(Query):
    limit: Limit = PER_PAGE
    after: After = None


class BondView(View):
    """What you are to each other; all false without an account."""

    oneself: bool
    follows: Annotated[bool, Field(description="you follow them")]
    followed: Annotated[bool, Field(description="they follow you")]
    friends: bool
    blocks: Annotated[bool, Field(description="you blocked them")]


class SomeoneView(View):
    id: str
    username: str
    name: str
    photo: Annotated[str | None, Field(description="address of a small picture of their face")]
    bond: BondView

    @classmethod
    def of(cls, someone: Someone, viewer: MemberId | None) -> SomeoneView:
        bond = someone.bond
        return cls(
            id=member_person_id(someone.id),
            username=someone.username,
            name=someone.name,
            photo=None if someone.photo is None else photo_url(someone.photo),
            bond=BondView(
                oneself=someone.id == viewer,
                follows=bond.follows,
                followed=bond.followed,
                friends=bond.friends,
                blocks=bond.blocks,
            ),
        )


class ProfileView(SomeoneView):
    bio: str
    posts: Annotated[int, Field(description="that you may see")]
    followers: int
    followings: int

    @classmethod
    def of_profile(cls, profile: Profile, viewer: MemberId | None) -> ProfileView:
        someone = SomeoneView.of(profile.someone, viewer)
        return cls(
            **{name: getattr(someone, name) for name in SomeoneView.model_fields},
            bio=profile.bio,
            posts=profile.posts,
            followers=profile.followers,
            followings=profile.followings,
        )


class OneProfile(View):
    member: ProfileView


class PeopleView(View):
    people: list[SomeoneView]
    next: Annotated[str | None, Field(description="`after` of the next page")]


class FoundPeople(View):
    """Best first."""

    people: list[SomeoneView]
    next: Annotated[int | None, Field(description="`after` of the next page")]


async def search(call: Call[PeopleQuery]) -> FoundPeople:
    _, me = call.member
    query = call.input
    found = await call[keys.PEOPLE].search(query.q, me, limit=query.limit, after=query.after)
    return FoundPeople(people=_views(found.people, me), next=found.next)


async def show(call: Call[None]) -> OneProfile:
    return OneProfile(member=ProfileView.of_profile(await _profile(call), call.viewer))


async def posts(call: Call[PageQuery]) -> Cards:
    """What they wrote, as far as you may see it."""
    author = (await _profile(call)).someone.id
    after, limit = mark(call.input.after), call.input.limit
    page = await call[keys.FEED].by(author, viewer=call.viewer, after=after, limit=limit)
    return Cards.of(page, call.viewer)


async def followers(call: Call[PageQuery]) -> PeopleView:
    _, me = call.member
    of, after = (await _profile(call)).someone.id, mark(call.input.after)
    found = await call[keys.PEOPLE].followers(of, me, after=after, limit=call.input.limit)
    return _page(found, me)


async def followings(call: Call[PageQuery]) -> PeopleView:
    _, me = call.member
    of, after = (await _profile(call)).someone.id, mark(call.input.after)
    found = await call[keys.PEOPLE].followings(of, me, after=after, limit=call.input.limit)
    return _page(found, me)


async def blocked(call: Call[PageQuery]) -> PeopleView:
    _, me = call.member
    after, limit = mark(call.input.after), call.input.limit
    return _page(await call[keys.PEOPLE].blocked(me, after=after, limit=limit), me)


async def follow(call: Call[None]) -> OneProfile:
    _, me = call.member
    await call[keys.PEOPLE].follow(me, addressed(call.path("username")), call.now)
    return await show(call)


async def unfollow(call: Call[None]) -> OneProfile:
    _, me = call.member
    await call[keys.PEOPLE].unfollow(me, addressed(call.path("username")))
    return await show(call)


async def block(call: Call[None]) -> None:
    """Neither sees what the other writes, nor follows the other; they do not find you at all."""
    person, me = call.member
    other = await call[keys.PEOPLE].block(me, addressed(call.path("username")), call.now)
    call[keys.BUS].publish(PersonBlocked(person.id, member_person_id(other)))


async def unblock(call: Call[None]) -> None:
    _, me = call.member
    await call[keys.PEOPLE].unblock(me, addressed(call.path("username")))


async def _profile(call: Call[object]) -> Profile:
    return await call[keys.PEOPLE].profile(addressed(call.path("username")), call.viewer)


def _page(found: People, me: MemberId) -> PeopleView:
    end = None if found.next is None else str(found.next)
    return PeopleView(people=_views(found.people, me), next=end)


def _views(people: Iterable[Someone], me: MemberId) -> list[SomeoneView]:
    return [SomeoneView.of(one, me) for one in people]
