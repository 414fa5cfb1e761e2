"""The outermost middleware: a request id, one access line, and the HTTP metrics.

Paths are logged as route templates: the real ones carry set-up tokens and the ids of shared maps.
Which room a request is about is said by its label, as everywhere.
"""

from __future__ import annotations

import re
import secrets
import time

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from wagu.media_backend.base import RoomKey, label_of
from wagu.web import keys
from wagu.web.origin import client_address, from_proxy

log = structlog.get_logger("wagu.http")

NO_ROUTE = "(page)"
QUIET = ("/static", "/api/lives/{id}/hls", "/livez", "/readyz", "/metrics", NO_ROUTE)

GIVEN = re.compile(r"[A-Za-z0-9._-]{1,64}")
"""What a request id of a proxy may look like."""

ROOMS = {
    "/api/share-maps/{id}": ("map", "id"),
    "/api/lives/{id}": ("live", "id"),
    "/whip/{live}": ("live", "live"),
    "/whep/{live}": ("live", "live"),
}
"""Where a path begins like this: the kind of room, and the part that names it."""


@web.middleware
async def observe(request: web.Request, handler: Handler) -> web.StreamResponse:
    request_id = _request_id(request)
    started = time.perf_counter()
    status = 499  # the client went away
    room = _room_of(request)
    about = {"request": request_id} if room is None else {"request": request_id, "room": room}
    with structlog.contextvars.bound_contextvars(**about):
        try:
            response = await handler(request)
            status = response.status
            if not response.prepared:
                response.headers["X-Request-Id"] = request_id
            return response
        finally:
            _record(request, status, time.perf_counter() - started)


def _request_id(request: web.Request) -> str:
    """That of a proxy which we believe, so that its log and ours speak of the same."""
    given = request.headers.get("X-Request-Id", "")
    if from_proxy(request, request.app[keys.SETTINGS]) and GIVEN.fullmatch(given):
        return given
    return secrets.token_hex(6)


def _room_of(request: web.Request) -> str | None:
    template = _template(request)
    for beginning, (kind, part) in ROOMS.items():
        if template == beginning or template.startswith(f"{beginning}/"):
            return label_of(RoomKey(f"{kind}/{request.match_info[part]}"))
    return None


def _template(request: web.Request) -> str:
    resource = request.match_info.route.resource
    return NO_ROUTE if resource is None else resource.canonical


def _record(request: web.Request, status: int, seconds: float) -> None:
    template = _template(request)
    method = request.method if request.method in KNOWN_METHODS else "OTHER"
    request.app[keys.METRICS].answered(method, template, status, seconds)
    quiet = template.startswith(QUIET) and status < 500
    (log.debug if quiet else log.info)(
        f"> {status} {method} {template}",
        ms=round(seconds * 1000, 1),
        peer=client_address(request, request.app[keys.SETTINGS]),
    )


KNOWN_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
