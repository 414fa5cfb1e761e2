"""Where a request comes from, and whether a page of ours sent it.

Proxies are believed only when WAGU_TRUSTED_PROXIES names them: anybody can write X-Forwarded-For.
"""

from __future__ import annotations

import ipaddress

from aiohttp import web

from wagu.cluster.arrivals import PASSPORT
from wagu.cluster.passport import Passport
from wagu.errors import Forbidden
from wagu.origin import is_own
from wagu.settings import Network, Settings

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def client_address(request: web.Request, settings: Settings) -> str:
    """The IP address of the client: the first from the right that is no trusted proxy."""
    passport: Passport | None = request.get(PASSPORT)
    if passport is not None:
        return passport.address
    peer = request.remote or "unknown"
    if not _is_trusted(peer, settings.trusted_proxies):
        return peer
    hops = ",".join(request.headers.getall("X-Forwarded-For", [])).split(",")
    for hop in reversed([hop.strip() for hop in hops if hop.strip()]):
        if _parsed(hop) is None:
            break
        peer = hop
        if not _is_trusted(hop, settings.trusted_proxies):
            break
    return peer


def from_proxy(request: web.Request, settings: Settings) -> bool:
    """Whether a proxy that we believe sent it."""
    return _is_trusted(request.remote or "", settings.trusted_proxies)


def is_https(request: web.Request, settings: Settings) -> bool:
    """Whether the client speaks https, be it to us or to a trusted proxy."""
    passport: Passport | None = request.get(PASSPORT)
    if passport is not None:
        return passport.https
    if from_proxy(request, settings):
        forwarded = request.headers.get("X-Forwarded-Proto")
        if forwarded is not None:
            return forwarded.strip().lower() == "https"
    return request.scheme == "https" or (settings.public_url or "").startswith("https:")


def public_origin(request: web.Request, settings: Settings) -> str:
    """What links begin with: as set, or as this client reached us."""
    if settings.public_url is not None:
        return settings.public_url
    return f"{'https' if is_https(request, settings) else 'http'}://{request.host}"


def check_same_origin(request: web.Request, settings: Settings) -> None:
    """Forbidden `request.cross_origin` when another site's page made a browser send this.

    Browsers say so in Sec-Fetch-Site, or, without TLS, in Origin. Something that sends neither is
    no browser, and has no cookie that somebody else could ride on.
    """
    if request.method in SAFE_METHODS:
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site not in ("same-origin", "none"):
            raise _cross_origin()
        return
    origin = request.headers.get("Origin")
    if origin is not None and not is_own(origin, request.host, settings.public_url):
        raise _cross_origin()


def _cross_origin() -> Forbidden:
    return Forbidden("request.cross_origin", "다른 사이트에서 보낸 요청이에요.")


def _is_trusted(address: str, proxies: tuple[Network, ...]) -> bool:
    if not proxies:
        return False
    parsed = _parsed(address)
    return parsed is not None and any(parsed in network for network in proxies)


def _parsed(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return None
    return getattr(parsed, "ipv4_mapped", None) or parsed
