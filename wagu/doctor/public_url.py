"""What links begin with: browsers give microphone and camera to https and localhost only."""

from __future__ import annotations

from urllib.parse import urlsplit

from wagu.doctor.finding import Finding, ok, problem, warning
from wagu.settings import Settings

HERE = frozenset({"localhost", "127.0.0.1", "::1"})


def check(settings: Settings) -> list[Finding]:
    parts = urlsplit(settings.origin)
    if parts.scheme == "https":
        return [ok("url", f"{settings.origin} may use microphone and camera"), *_proxy(settings)]
    if parts.hostname in HERE:
        if settings.public_url is None and settings.speaks_tls:
            return [ok("url", "this machine, and others by https, may use microphone and camera")]
        if settings.public_url is None:
            advice = (
                "For others: a proxy with a certificate in front, and WAGU_PUBLIC_URL=https://…;"
                " in the same network wagu serve --lan does"
            )
            return [warning("url", f"{settings.origin} is for this machine only", advice)]
        return [ok("url", f"{settings.origin} may use microphone and camera, on this machine")]
    text = f"{settings.origin}: browsers give it neither microphone nor camera"
    return [problem("url", text, "Put a proxy with a certificate in front: README.md, step 2.")]


def _proxy(settings: Settings) -> list[Finding]:
    if settings.trusted_proxies or settings.speaks_tls:
        return []
    text = "https comes from a proxy, and WAGU_TRUSTED_PROXIES names none"
    advice = "Name it, or all the world counts as one visitor: WAGU_TRUSTED_PROXIES=127.0.0.1"
    return [warning("url", text, advice)]
