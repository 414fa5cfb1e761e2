"""The outermost middleware: a request id, one access line, and the HTTP metrics.

Paths are logged as route templates: the real ones carry set-up tokens and the ids of shared maps.
"""

from __future__ import annotations

import secrets
import time

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from wagu.web import keys
from wagu.web.origin import client_address

log = structlog.get_logger("wagu.http")

NO_ROUTE = "(page)"
QUIET = ("/static", "/api/lives/{id}/hls", "/livez", "/readyz", "/metrics", NO_ROUTE)


@web.middleware
async def observe(request: web.Request, handler: Handler) -> web.StreamResponse:
    request_id = secrets.token_hex(6)
    started = time.perf_counter()
    status = 499  # the client went away
    with structlog.contextvars.bound_contextvars(request=request_id):
        try:
            response = await handler(request)
            status = response.status
            if not response.prepared:
                response.headers["X-Request-Id"] = request_id
            return response
        finally:
            _record(request, status, time.perf_counter() - started)


def _record(request: web.Request, status: int, seconds: float) -> None:
    resource = request.match_info.route.resource
    template = NO_ROUTE if resource is None else resource.canonical
    method = request.method if request.method in KNOWN_METHODS else "OTHER"
    request.app[keys.METRICS].answered(method, template, status, seconds)
    quiet = template.startswith(QUIET) and status < 500
    (log.debug if quiet else log.info)(
        f"> {status} {method} {template}",
        ms=round(seconds * 1000, 1),
        peer=client_address(request, request.app[keys.SETTINGS]),
    )


KNOWN_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
