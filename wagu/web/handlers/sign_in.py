"""Sign in elsewhere: there, back, and which sign-ins an account has.

Browsers come here by navigating, so what goes wrong is told by an address of the client with
`?error=<code>`. Where somebody goes afterwards is a path of ours, whatever `next` says.
"""

from __future__ import annotations

import secrets
from typing import Annotated
from urllib.parse import urlencode

import structlog
from aiohttp import web
from pydantic import Field

from wagu.db.accounts import Closed
from wagu.domain.member import LONGEST_NAME, Member
from wagu.domain.person import MemberId
from wagu.domain.text import clean_line
from wagu.errors import Conflict, Forbidden, Unavailable, WaguError
from wagu.sign_in.attempt import COOKIE, TTL, Attempt
from wagu.sign_in.errors import ProviderFailed, bad_state, refused
from wagu.sign_in.gateway import Stranger
from wagu.sign_in.provider import Provider
from wagu.web import keys
from wagu.web.handlers import session
from wagu.web.identity import give_cookie
from wagu.web.models import Query
from wagu.web.origin import is_https, public_origin
from wagu.web.restoration import closed_account, offer
from wagu.web.route import Call

log = structlog.get_logger("wagu.sign_in")

LOG_IN_PAGE = "/login"
ACCOUNT_PAGE = "/me"
TRIES = 5  # for a username that nobody has
LONGEST = 4096  # of what a provider sends back

Sent = Annotated[str | None, Field(max_length=LONGEST)]


class StartQuery(Query):
    next: Annotated[str, Field(max_length=LONGEST, description="a path, for afterwards")] = "/"
    link: Annotated[bool, Field(description="add it to my account, instead of signing in")] = False


class CallbackQuery(Query):
    code: Sent = None
    state: Sent = None
    error: Sent = None
    iss: Sent = None


async def start(call: Call[StartQuery]) -> web.Response:
    provider = call[keys.GATEWAY].provider(call.path("provider"))
    link_to = _linking(call) if call.input.link else None
    cookie = call.request.cookies.get(COOKIE) or secrets.token_urlsafe(32)
    origin = public_origin(call.request, call[keys.SETTINGS])
    back = f"{origin}/auth/{provider.key}/callback"
    begin = call[keys.ATTEMPTS].begin
    state, attempt = await begin(provider, cookie, back, call.input.next, link_to)
    try:
        there = await call[keys.GATEWAY].authorize_url(provider, state, attempt)
    except ProviderFailed as error:
        return _failed(provider, error, LOG_IN_PAGE if link_to is None else ACCOUNT_PAGE)
    response = _go(there)
    secure = is_https(call.request, call[keys.SETTINGS])
    response.set_cookie(
        COOKIE, cookie, max_age=int(TTL), path="/auth", httponly=True, samesite="Lax", secure=secure
    )
    return response


async def callback(call: Call[CallbackQuery]) -> web.Response:
    """Where the provider sends the browser back to."""
    provider = call[keys.GATEWAY].provider(call.path("provider"))
    page = LOG_IN_PAGE
    try:
        attempt = await _attempt(call, provider)
        page = LOG_IN_PAGE if attempt.link_to is None else ACCOUNT_PAGE
        stranger = await _stranger(call, provider, attempt)
        if attempt.link_to is not None:
            return await _link(call, stranger, attempt)
        return await _sign_in(call, stranger, attempt)
    except WaguError as error:
        return _failed(provider, error, page)


async def unlink(call: Call[None]) -> None:
    _, me = call.member
    await call[keys.IDENTITIES].unlink(me, call.path("provider"))


def _linking(call: Call[StartQuery]) -> MemberId:
    """Only from a page of ours: elsewhere a link could add what its author chose."""
    _, me = call.member
    if call.request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
        raise Forbidden("request.cross_origin", "다른 사이트에서 보낸 요청이에요.")
    return me


async def _attempt(call: Call[CallbackQuery], provider: Provider) -> Attempt:
    state, cookie = call.input.state, call.request.cookies.get(COOKIE)
    if not state or not cookie:
        raise bad_state()
    attempt = await call[keys.ATTEMPTS].take(state, provider.key, cookie)
    if attempt is None:
        raise bad_state()
    if attempt.link_to is not None and attempt.link_to != call.viewer:
        raise bad_state()  # somebody else is logged in by now
    return attempt


async def _stranger(call: Call[CallbackQuery], provider: Provider, attempt: Attempt) -> Stranger:
    sent = call.input
    if sent.error == "access_denied":
        raise refused()
    if sent.error is not None or not sent.code:
        raise ProviderFailed(f"it came back with {str(sent.error)[:80]!r}")
    return await call[keys.GATEWAY].exchange(
        provider, attempt, code=sent.code, state=sent.state or "", issuer=sent.iss
    )


async def _link(call: Call[CallbackQuery], stranger: Stranger, attempt: Attempt) -> web.Response:
    assert attempt.link_to is not None, "asked by the caller"
    identities = call[keys.IDENTITIES]
    await identities.link(attempt.link_to, stranger.provider, stranger.subject, call.now)
    return _go(attempt.next)


async def _sign_in(call: Call[CallbackQuery], stranger: Stranger, attempt: Attempt) -> web.Response:
    known = await call[keys.IDENTITIES].member(stranger.provider, stranger.subject)
    if known is None:
        member = await _sign_up(call, stranger)
    else:
        closed = await call[keys.ACCOUNTS].closed(known)
        if closed is not None:
            return await _refuse_closed(call, closed)
        member = (await call[keys.ACCOUNTS].get(known)).member
    token = await session.begin(call, member)
    response = _go(attempt.next)
    give_cookie(response, call.request, token)
    return response


async def _sign_up(call: Call[CallbackQuery], stranger: Stranger) -> Member:
    if call[keys.SETTINGS].signup == "closed":
        raise Forbidden("member.signup_closed", "지금은 가입을 받지 않아요.")
    name = clean_line(stranger.name[:LONGEST_NAME], LONGEST_NAME) or "이름 없는 미식가"
    for _ in range(TRIES):
        try:
            return await call[keys.IDENTITIES].sign_up(
                username=f"{stranger.provider}_{secrets.token_hex(4)}",
                name=name,
                provider=stranger.provider,
                subject=stranger.subject,
                now=call.now,
            )
        except Conflict:
            # Two callbacks at once: the other one made this member.
            known = await call[keys.IDENTITIES].member(stranger.provider, stranger.subject)
            if known is not None:
                return (await call[keys.ACCOUNTS].get(known)).member
    raise Unavailable("sign_in.busy", "잠시 뒤에 다시 해 주세요.")


async def _refuse_closed(call: Call[CallbackQuery], closed: Closed) -> web.Response:
    response = _go(_page(LOG_IN_PAGE, closed_account(closed, call.now).code))
    await offer(response, call.request, closed)
    return response


def _failed(provider: Provider, error: WaguError, page: str) -> web.Response:
    detail = error.detail if isinstance(error, ProviderFailed) else ""
    log.warning("x sign-in failed", provider=provider.key, code=error.code, why=detail)
    return _go(_page(page, error.code))


def _page(page: str, code: str) -> str:
    return f"{page}?{urlencode({'error': code})}"


def _go(where: str) -> web.Response:
    # no-referrer: the address we come from has a code in it.
    headers = {"Location": where, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    return web.Response(status=302, headers=headers)
