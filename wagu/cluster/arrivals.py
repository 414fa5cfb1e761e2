"""Requests that another node passes on: its passport is read before anything else is looked at."""

from __future__ import annotations

from aiohttp import web
from aiohttp.typedefs import Handler

from wagu.cluster.passport import HEADER, Passport, Passports

PASSPORT = web.RequestKey("passport", Passport)
PASSPORTS = web.AppKey("passports", Passports)


@web.middleware
async def arrivals(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Errors: Forbidden node.bad_passport."""
    text = request.headers.get(HEADER)
    if text is not None:
        request[PASSPORT] = request.app[PASSPORTS].read(text, request.method, request.raw_path)
    return await handler(request)
