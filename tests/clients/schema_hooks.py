"""What schemathesis must know beyond the document; named by its configuration in
`tests/flows/test_openapi.py`, imported by its process."""

from __future__ import annotations

from typing import Any

import schemathesis

LONGEST_URL = 8_000
"""aiohttp reads 8,190 bytes of a request line; what is longer is refused before any route."""


@schemathesis.serializer("application/sdp", "application/trickle-ice-sdpfrag")
def sdp(_context: Any, value: Any) -> Any:
    return value if isinstance(value, bytes) else str(value).encode(errors="replace")


@schemathesis.hook
def filter_case(_context: Any, case: Any) -> bool:
    url: str = case.as_transport_kwargs(base_url="http://127.0.0.1")["url"]
    query = "&".join(f"{name}={value}" for name, value in (case.query or {}).items())
    return len(url.encode(errors="replace")) + 3 * len(query.encode(errors="replace")) < LONGEST_URL
