"""Whether an `Origin` header names this server: for requests and for WebSockets alike."""

from __future__ import annotations

from urllib.parse import urlsplit


def is_own(origin: str, host: str, public_url: str | None) -> bool:
    """`host` is what the request asked for. The scheme is left out: a proxy that ends TLS need not
    say so. An origin that cannot be read (`null`, half an address) is nobody's."""
    named = origin.partition("://")[2].lower()
    ours = {host.lower(), urlsplit(public_url or "").netloc.lower()}
    return named != "" and named in ours
