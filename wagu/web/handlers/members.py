"""Sign up."""

from __future__ import annotations

from aiohttp import web

from wagu.db.members import username_taken
from wagu.db.setup import digest
from wagu.domain.member import display_name, password_of, username_of
from wagu.errors import Forbidden, Invalid
from wagu.web import keys
from wagu.web.handlers import session
from wagu.web.models import Body, Query, View
from wagu.web.route import Call


class NewMember(Body):
    username: str
    password: str
    name: str
    setup_token: str | None = None


class UsernameQuery(Query):
    username: str


class Availability(View):
    available: bool
    code: str = ""


async def create(call: Call[NewMember]) -> web.Response:
    """With the token of the set-up link the member becomes the admin."""
    wanted, members = call.input, call[keys.MEMBERS]
    if call[keys.SETTINGS].signup == "closed" and wanted.setup_token is None:
        raise Forbidden("member.signup_closed", "지금은 가입을 받지 않아요.")
    username = username_of(wanted.username)
    password = password_of(wanted.password)
    name = display_name(wanted.name)
    if await members.exists(username):  # spares the hash; the unique index decides
        raise username_taken()
    member = await members.create(
        username=username,
        name=name,
        password_hash=await call[keys.PASSWORDS].hash(password),
        now=call.now,
        setup_digest=None if wanted.setup_token is None else digest(wanted.setup_token),
    )
    return await session.start(call, member, status=201)


async def available(call: Call[UsernameQuery]) -> Availability:
    try:
        username = username_of(call.input.username)
    except Invalid as error:
        return Availability(available=False, code=error.code)
    if await call[keys.MEMBERS].exists(username):
        return Availability(available=False, code=username_taken().code)
    return Availability(available=True)
