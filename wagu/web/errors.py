"""Every error that leaves over HTTP in one JSON shape; what nobody expected, as a plain 500."""

from __future__ import annotations

import math
from collections.abc import Mapping

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from wagu.errors import RateLimited, WaguError
from wagu.web.models import ErrorView, Problem
from wagu.web.route import encode

log = structlog.get_logger("wagu.web")

# What aiohttp itself refuses, before or around our handlers.
HTTP_PROBLEMS: Mapping[int, tuple[str, str]] = {
    400: ("request.malformed", "읽을 수 없는 요청이에요."),
    403: ("route.unknown", "그런 주소는 없어요."),  # a folder below /static
    404: ("route.unknown", "그런 주소는 없어요."),
    405: ("request.method", "여기서는 할 수 없는 요청이에요."),
    413: ("request.too_large", "한 번에 보내기에 너무 커요."),
    416: ("request.range", "파일에 없는 범위예요."),
}


@web.middleware
async def errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except WaguError as error:
        return _answer(error)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        return _translated(error)
    except Exception:
        log.exception("x failed: unexpected error", method=request.method)
        return _problem(500, "server.error", "서버에 문제가 생겼어요. 잠시 뒤에 다시 해 주세요.")


def _answer(error: WaguError) -> web.Response:
    response = _problem(error.status, error.code, error.message, error.field)
    if isinstance(error, RateLimited):
        response.headers["Retry-After"] = str(math.ceil(error.retry_after))
    if error.code == "auth.bad_token":
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _translated(error: web.HTTPException) -> web.Response:
    status = 404 if error.status == 403 else error.status
    code, message = HTTP_PROBLEMS.get(error.status, ("request.refused", "할 수 없는 요청이에요."))
    response = _problem(status, code, message)
    if isinstance(error, web.HTTPMethodNotAllowed):
        response.headers["Allow"] = ", ".join(sorted(error.allowed_methods))
    return response


def _problem(status: int, code: str, message: str, field: str | None = None) -> web.Response:
    if field is None:
        problem = Problem(code=code, message=message)
    else:
        problem = Problem(code=code, message=message, field=field)
    return encode(ErrorView(error=problem), status)
