"""The web client: its files under /static, and its one page for every address that is a view."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path

from aiohttp import web
from aiohttp.typedefs import Handler

from wagu.web import keys
from wagu.web.headers import is_known

RESERVED = ("/api/", "/static/", "/photos/", "/tiles/", "/whip/", "/whep/", "/ws/")
NAMED = "/members/"
"""Views whose addresses end in a name that people chose; it may have dots, as files have."""

CHECK_AGAIN = "no-cache"
A_DAY = "public, max-age=86400"


def mount_client(app: web.Application) -> None:
    app.router.add_get("/static/{path:.+}", _file)
    app.on_response_prepare.append(_cache)


async def _file(request: web.Request) -> web.FileResponse:
    # aiohttp's own `add_static` answers a missing file without a body, after our middlewares.
    root = request.app[keys.CLIENT].root
    path = await asyncio.to_thread(_inside, root, request.match_info["path"])
    if path is None:
        raise web.HTTPNotFound
    return web.FileResponse(path)


def _inside(root: Path, name: str) -> Path | None:
    """The file of that name below `root`, whatever dots and links the name is made of."""
    try:
        path = (root / name).resolve()
    except (ValueError, OSError):  # a NUL, or a name longer than the file system takes
        return None
    return path if path.is_relative_to(root) and path.is_file() else None


@web.middleware
async def pages(request: web.Request, handler: Handler) -> web.StreamResponse:
    """An address without a route of its own is a view of the client, if it looks like one."""
    missed = request.match_info.http_exception
    if isinstance(missed, web.HTTPNotFound) and _is_view(request):
        return await _page(request)
    return await handler(request)


async def _page(request: web.Request) -> web.Response:
    path = request.rel_url.raw_path
    page = await asyncio.to_thread(request.app[keys.CLIENT].page.of, path)
    response = web.Response(body=page, content_type="text/html", charset="utf-8")
    response.headers["Cache-Control"] = CHECK_AGAIN
    tag = hashlib.sha256(page).hexdigest()[:32]
    response.etag = tag
    if is_known(request.if_none_match, tag):
        return web.Response(status=304, headers=response.headers)
    return response


def _is_view(request: web.Request) -> bool:
    if request.method not in ("GET", "HEAD") or f"{request.path}/".startswith(RESERVED):
        return False
    if "." in request.path.rpartition("/")[2] and not request.path.startswith(NAMED):
        return False
    accepted = request.headers.get("Accept", "*/*")
    return "text/html" in accepted or "*/*" in accepted


async def _cache(request: web.Request, response: web.StreamResponse) -> None:
    """Scripts and styles are asked for again each time (an ETag answers 304): after an update, new
    modules must not meet old libraries. Fonts and icons fit any release."""
    if isinstance(response, web.FileResponse):
        timeless = request.path.endswith((".woff2", ".svg", ".png"))
        response.headers.setdefault("Cache-Control", A_DAY if timeless else CHECK_AGAIN)
