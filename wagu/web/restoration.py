"""What somebody is told who signs in to a closed account: that it can be opened again, until when.
A cookie lets that browser do so for ten minutes; see `handlers/me.py`."""

from __future__ import annotations

from aiohttp import web

from wagu.db.accounts import Closed
from wagu.domain.account import GRACE
from wagu.ephemeral.restorations import COOKIE, TTL
from wagu.errors import Conflict
from wagu.web import keys
from wagu.web.models import ErrorView, Problem
from wagu.web.origin import is_https
from wagu.web.route import encode

PATH = "/api/me/restore"


async def refuse_closed(request: web.Request, closed: Closed) -> web.Response:
    """409 `member.closed`, with the cookie."""
    error = closed_account(closed, request.app[keys.CLOCK]())
    view = ErrorView(error=Problem(code=error.code, message=error.message))
    response = encode(view, error.status)
    await offer(response, request, closed)
    return response


async def offer(response: web.Response, request: web.Request, closed: Closed) -> None:
    token = await request.app[keys.RESTORATIONS].issue(closed.member.id)
    secure = is_https(request, request.app[keys.SETTINGS])
    response.set_cookie(
        COOKIE, token, max_age=int(TTL), path=PATH, httponly=True, samesite="Lax", secure=secure
    )


def closed_account(closed: Closed, now: float) -> Conflict:
    days = max(1, round((closed.closed_at + GRACE - now) / 86_400))
    return Conflict("member.closed", f"탈퇴한 계정이에요. {days}일 안에는 다시 되살릴 수 있어요.")
