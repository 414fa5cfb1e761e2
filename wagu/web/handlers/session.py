"""Log in, log out, and who am I."""

from __future__ import annotations

from aiohttp import web

from wagu.bus import SessionEnded
from wagu.domain.member import LONGEST_PASSWORD, Member, password_of, username_of
from wagu.domain.person import Person
from wagu.errors import Forbidden, Invalid, NotFound, Unauthenticated
from wagu.web import keys
from wagu.web.identity import give_cookie, session_token, take_cookie
from wagu.web.models import Body, Identified, PersonView, View
from wagu.web.restoration import refuse_closed
from wagu.web.route import Call, encode


class Credentials(Body):
    username: str
    password: str


class SessionView(View):
    person: PersonView | None


async def show(call: Call[None]) -> web.Response:
    """Also renews the cookie, so that whoever comes back within 30 days stays."""
    token = session_token(call.request)
    view = await _yourself(call)
    response = encode(SessionView(person=view), 200)
    if view is not None and token is not None:
        give_cookie(response, call.request, token)
    return response


async def log_in(call: Call[Credentials]) -> web.Response:
    """The same answer, after the same work, for an unknown user and for a wrong password."""
    passwords, members = call[keys.PASSWORDS], call[keys.MEMBERS]
    try:
        username = username_of(call.input.username)
        password = password_of(call.input.password)
    except Invalid:
        username, password = "", call.input.password[:LONGEST_PASSWORD]
    found = await members.credentials(username) if username else None
    stored = None if found is None else found.password_hash
    if not await passwords.verify(password, stored) or found is None or stored is None:
        raise _bad_credentials()
    if passwords.is_outdated(stored):
        fresh = await passwords.hash(password)
        await members.set_password_hash(found.member.id, fresh, instead_of=stored)
    token = await begin(call, found.member)
    # A new password, or closing the account, ended the sessions that there were: this one as well.
    closed = await call[keys.ACCOUNTS].closed(found.member.id)
    if closed is not None:
        await call[keys.SESSIONS].end(token)
        return await refuse_closed(call.request, closed)
    if not await _still_holds(call, username, password, stored):
        await call[keys.SESSIONS].end(token)
        raise _bad_credentials()
    return _identified(call, found.member, token, 200)


async def log_out(call: Call[None]) -> web.Response:
    await _end_current(call)
    response = encode(None, 204)
    take_cookie(response, call.request)
    return response


async def start(call: Call[object], member: Member, *, status: int) -> web.Response:
    return _identified(call, member, await begin(call, member), status)


async def begin(call: Call[object], member: Member) -> str:
    """A new token each time, so that nobody can plant one before a log-in. Forbidden
    `member.suspended`, asked afterwards: whoever is suspended meanwhile loses this one as well."""
    await _end_current(call)
    token = await call[keys.SESSIONS].start(member.person)
    if await call[keys.ADMINS].is_suspended(member.id):
        await call[keys.SESSIONS].end(token)
        raise suspended()
    return token


def suspended() -> Forbidden:
    return Forbidden("member.suspended", "이용이 정지된 계정이에요. 관리자에게 문의해 주세요.")


def _identified(call: Call[object], member: Member, token: str, status: int) -> web.Response:
    response = encode(Identified(person=PersonView.of_member(member)), status)
    give_cookie(response, call.request, token)
    return response


async def _still_holds(call: Call[object], username: str, password: str, verified: str) -> bool:
    current = await call[keys.MEMBERS].credentials(username)
    if current is None:
        return False
    stored = current.password_hash
    return stored == verified or await call[keys.PASSWORDS].verify(password, stored)


def _bad_credentials() -> Unauthenticated:
    return Unauthenticated("auth.bad_credentials", "아이디 또는 비밀번호가 달라요.")


async def _end_current(call: Call[object]) -> None:
    token = session_token(call.request)
    if token is None:
        return
    await call[keys.SESSIONS].end(token)
    if call.person is not None:
        call[keys.BUS].publish(SessionEnded(call.person.id))


async def _yourself(call: Call[None]) -> PersonView | None:
    person = call.person
    if person is None:
        return None
    if person.member_id is None:
        return PersonView.of_guest(person)
    try:
        member = await call[keys.MEMBERS].get(person.member_id)
    except NotFound:
        return None
    await _refresh(call, person, member.person)
    return PersonView.of_member(member)


async def _refresh(call: Call[None], known: Person, true: Person) -> None:
    """A session remembers name and rights from its log-in; the database knows better."""
    token = session_token(call.request)
    if known != true and token is not None:
        await call[keys.SESSIONS].replace(token, true)
