"""One's own account: what others see of it, its password, closing it and opening it again."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from aiohttp import web
from pydantic import Field

from wagu.bus import PersonRenamed, SessionEnded
from wagu.domain.account import FRESH, GRACE, Account, Change
from wagu.domain.member import display_name, password_of
from wagu.domain.people import LONGEST_BIO, bio_of
from wagu.domain.person import MemberId
from wagu.domain.photo import photo_id
from wagu.ephemeral.restorations import COOKIE
from wagu.errors import Forbidden, Invalid, NotFound, Unauthenticated
from wagu.web import keys
from wagu.web.handlers import session
from wagu.web.handlers.photos import photo_url
from wagu.web.identity import session_token, take_cookie
from wagu.web.models import Body, Millis, View, millis
from wagu.web.restoration import PATH
from wagu.web.route import Call, encode
from wagu.web.sign_out import out_of_everything


class IdentityView(View):
    provider: str
    linked_at: Millis


class AccountView(View):
    id: str
    username: str
    name: str
    bio: str
    photo: Annotated[str | None, Field(description="address of a small picture of your face")]
    photo_id: str | None
    admin: bool
    has_password: bool
    identities: Annotated[list[IdentityView], Field(description="sign-ins elsewhere")]
    created_at: Millis


class MyAccount(View):
    me: AccountView


class AccountChange(Body):
    """What is left out stays."""

    name: str = ""
    bio: Annotated[str, Field(description=f"at most {LONGEST_BIO} characters")] = ""
    photo_id: Annotated[str | None, Field(description="of an upload of one's own")] = None


class NewPassword(Body):
    old: Annotated[str | None, Field(description="not needed by who has none")] = None
    new: str


class Proof(Body):
    password: Annotated[
        str | None, Field(description=f"not needed within {FRESH:.0f} s of signing in")
    ] = None


class Closing(View):
    restorable_until: Millis


async def show(call: Call[object]) -> MyAccount:
    _, me = call.member
    return MyAccount(me=_view(await call[keys.ACCOUNTS].get(me)))


async def change(call: Call[AccountChange]) -> MyAccount:
    person, me = call.member
    wanted = _change(call.input)
    released = await call[keys.ACCOUNTS].change(me, wanted)
    await call[keys.ALBUM].forget(released)
    if wanted.name is not None:
        renamed = replace(person, name=wanted.name)
        await call[keys.SESSIONS].update(renamed)
        call[keys.BUS].publish(PersonRenamed(renamed))
    return await show(call)


async def set_password(call: Call[NewPassword]) -> None:
    """Ends all other sessions."""
    person, me = call.member
    fresh = password_of(call.input.new)
    before = await call[keys.ACCOUNTS].password_hash(me)
    if before is None:
        await _signed_in_just_now(call)
    elif not await call[keys.PASSWORDS].verify(_typed(call.input.old), before):
        raise _wrong_password("old")
    await call[keys.MEMBERS].set_password_hash(me, await call[keys.PASSWORDS].hash(fresh))
    await call[keys.SESSIONS].end_others(person, keep=session_token(call.request))
    call[keys.BUS].publish(SessionEnded(person.id))


async def close(call: Call[Proof]) -> web.Response:
    """Signed out everywhere and invisible at once; everything goes 30 days later."""
    person, me = call.member
    await _prove(call, me)
    lives = await call[keys.ACCOUNTS].close(me, call.now)
    await out_of_everything(call, person, lives, "by_host")
    response = encode(Closing(restorable_until=millis(call.now + GRACE)), 200)
    take_cookie(response, call.request)
    return response


async def restore(call: Call[None]) -> web.Response:
    """Within the grace, for whoever just signed in to the closed account with this browser."""
    token = call.request.cookies.get(COOKIE, "")
    known = await call[keys.RESTORATIONS].take(token) if token.isascii() else None
    if known is None:
        raise Unauthenticated("auth.required", "먼저 로그인해 주세요.")
    if await call[keys.ADMINS].is_suspended(known):
        raise session.suspended()
    member = await call[keys.ACCOUNTS].restore(known, call.now)
    response = await session.start(call, member, status=200)
    response.del_cookie(COOKIE, path=PATH)
    return response


def _change(given: AccountChange) -> Change:
    said = given.model_fields_set
    try:
        photo = None if given.photo_id is None else photo_id(given.photo_id)
    except NotFound as unknown:
        raise Invalid(unknown.code, unknown.message, field="photo_id") from None
    return Change(
        name=display_name(given.name) if "name" in said else None,
        bio=bio_of(given.bio) if "bio" in said else None,
        photo=photo,
        photo_given="photo_id" in said,
    )


async def _prove(call: Call[Proof], me: MemberId) -> None:
    if call.input.password is None:
        await _signed_in_just_now(call)
        return
    known = await call[keys.ACCOUNTS].password_hash(me)
    if not await call[keys.PASSWORDS].verify(_typed(call.input.password), known):
        raise _wrong_password("password")


async def _signed_in_just_now(call: Call[object]) -> None:
    token = session_token(call.request)
    started = None if token is None else await call[keys.SESSIONS].started_at(token)
    if started is None or call.now - started > FRESH:
        raise Forbidden("auth.sign_in_again", "한 번 더 로그인해 주세요.")


def _typed(password: str | None) -> str:
    try:
        return password_of(password or "")
    except Invalid:
        return ""


def _wrong_password(field: str) -> Forbidden:
    return Forbidden("auth.wrong_password", "비밀번호가 달라요.", field=field)


def _view(account: Account) -> AccountView:
    member = account.member
    identities = [
        IdentityView(provider=one.provider, linked_at=millis(one.created_at))
        for one in account.identities
    ]
    return AccountView(
        id=member.person.id,
        username=member.username,
        name=member.name,
        bio=account.bio,
        photo=None if account.photo is None else photo_url(account.photo),
        photo_id=account.photo,
        admin=member.admin,
        has_password=account.has_password,
        identities=identities,
        created_at=millis(account.created_at),
    )
