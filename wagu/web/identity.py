"""The session cookie: an opaque token out, a person in."""

from __future__ import annotations

from aiohttp import web

from wagu.domain.person import Person
from wagu.ephemeral.sessions import COOKIE, TTL, is_token
from wagu.web import keys
from wagu.web.origin import is_https


def session_token(request: web.Request) -> str | None:
    token = request.cookies.get(COOKIE)
    return token if token is not None and is_token(token) else None


async def person_of(request: web.Request) -> Person | None:
    """Who sent this; None without a cookie, or with one of a session that is over."""
    token = session_token(request)
    return None if token is None else await request.app[keys.SESSIONS].resolve(token)


def give_cookie(response: web.Response, request: web.Request, token: str) -> None:
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(TTL),
        path="/",
        httponly=True,
        samesite="Lax",
        secure=is_https(request, request.app[keys.SETTINGS]),
    )


def take_cookie(response: web.Response, request: web.Request) -> None:
    response.del_cookie(
        COOKIE,
        path="/",
        httponly=True,
        samesite="Lax",
        secure=is_https(request, request.app[keys.SETTINGS]),
    )
