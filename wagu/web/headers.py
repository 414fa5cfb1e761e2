"""The headers of every response: what a page may load and do, and who may call WHIP and WHEP."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import ETag, web

from wagu.settings import Settings
from wagu.web.client import Client
from wagu.web.origin import is_https

HOST = re.compile(r"[A-Za-z0-9.\-]+(:\d+)?|\[[0-9A-Fa-f:.]+\](:\d+)?")

FIXED = {
    "X-Content-Type-Options": "nosniff",
    # Only the origin goes to other sites: links of shared maps stay here, and tile servers that
    # ask for a Referer (OpenStreetMap's does) get one.
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(self), microphone=(self), geolocation=(self)",
}
# Browsers obey it on trustworthy origins only and complain on others.
ON_HTTPS = {"Cross-Origin-Opener-Policy": "same-origin"}

CROSS_ORIGIN_PATHS = ("/whip/", "/whep/")
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "POST, PATCH, DELETE, OPTIONS",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, If-Match",
    "Access-Control-Expose-Headers": "Location, ETag, Link, Accept-Patch",
    "Access-Control-Max-Age": "86400",
}
ACCEPTED = {
    2: {"Accept-Post": "application/sdp"},  # RFC 9725, 4.2
    3: {"Accept-Patch": "application/trickle-ice-sdpfrag"},  # RFC 5789, 2.2 and 3.1
}
"""By the slashes of a path: an endpoint (/whip/{live}), and a session below it."""

Signal = Callable[[web.Request, web.StreamResponse], Awaitable[None]]


def security_headers(settings: Settings, client: Client) -> Signal:
    """A handler for `on_response_prepare`; a header that is set already stays."""
    scripts = ("'self'", *client.script_hashes)
    images = ("'self'", "data:", "blob:", *_tile_hosts(settings.tile_url))
    media = _both_schemes(settings.browsers_media_url)

    async def prepare(request: web.Request, response: web.StreamResponse) -> None:
        response.headers.popall("Server", None)  # versions help nobody but an attacker
        fixed = FIXED | ON_HTTPS if is_https(request, settings) else FIXED
        for name, value in fixed.items():
            response.headers.setdefault(name, value)
        policy = content_security_policy(scripts, images, request.host, media)
        response.headers.setdefault("Content-Security-Policy", policy)
        if request.path.startswith(CROSS_ORIGIN_PATHS):
            response.headers.update(CORS)
            response.headers.update(ACCEPTED.get(request.path.count("/"), {}))

    return prepare


def content_security_policy(
    scripts: tuple[str, ...],
    images: tuple[str, ...],
    host: str = "",
    media: tuple[str, ...] = (),
) -> str:
    """`host`: older Safaris do not take 'self' for a WebSocket, so its address is spelled out.
    `media`: where a media server is, if it is not here."""
    sockets = (f"ws://{host}", f"wss://{host}") if HOST.fullmatch(host) else ()
    directives = {
        "default-src": ("'self'",),
        "script-src": scripts,
        "style-src": ("'self'", "'unsafe-inline'"),  # Leaflet sets styles on its elements
        "img-src": images,
        "media-src": ("'self'", "blob:"),
        "connect-src": ("'self'", *sockets, *media),
        "object-src": ("'none'",),
        "base-uri": ("'none'",),
        "form-action": ("'self'",),
        "frame-ancestors": ("'none'",),
    }
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in directives.items())


def _both_schemes(url: str | None) -> tuple[str, ...]:
    """Its client asks by HTTP and stays by WebSocket."""
    parts = urlsplit(url or "")
    if not parts.netloc:
        return ()
    secure = "s" if parts.scheme == "https" else ""
    return (f"http{secure}://{parts.netloc}", f"ws{secure}://{parts.netloc}")


def _tile_hosts(tile_url: str | None) -> tuple[str, ...]:
    parts = urlsplit(tile_url or "")
    if not parts.netloc:
        return ()
    return (f"{parts.scheme}://{parts.netloc.replace('{s}', '*')}",)


def is_known(tags: tuple[ETag, ...] | None, tag: str) -> bool:
    """Whether If-None-Match names this, compared weakly (RFC 9110, 13.1.2)."""
    return any(known.value in (tag, "*") for known in tags or ())
