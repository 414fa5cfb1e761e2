"""Where other nodes reach this one: the address that it itself reaches their Redis from."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

LOOPBACK = "127.0.0.1"


def own_url(redis_url: str, port: int) -> str:
    """`http://<address>:<port>`. Sends nothing: a UDP socket is given a route, and no packet."""
    parts = urlsplit(redis_url)
    address = LOOPBACK
    if parts.hostname:
        try:
            family, kind, protocol, _, target = socket.getaddrinfo(
                parts.hostname, parts.port or 6379, type=socket.SOCK_DGRAM
            )[0]
            with socket.socket(family, kind, protocol) as probe:
                probe.connect(target)
                address = probe.getsockname()[0]
        except OSError:
            pass  # whoever cannot reach Redis will hear of it from the store
    host = f"[{address}]" if ":" in address else address
    return f"http://{host}:{port}"
