"""The HTTP port: free, or served by us."""

from __future__ import annotations

import asyncio
import json
import urllib.error
import urllib.request
from typing import Any

from wagu.doctor.finding import Finding, ok, problem

ANSWER_WITHIN = 3.0
EVERYWHERE = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}


async def check(host: str, port: int) -> tuple[bool, list[Finding]]:
    """Also whether we serve there already."""
    state = await asyncio.to_thread(_ask, host, port)
    if state is None:
        return False, [await asyncio.to_thread(_free, host, port)]
    if state.get("ready") is True:
        return True, [ok("http", f"port {port} is served by Wagu Book, and it is ready")]
    if "parts" in state:
        parts = [name for name, well in state["parts"].items() if not well]
        text = f"Wagu Book serves port {port}, but is not ready: {', '.join(parts)}"
        return True, [problem("http", text, "Its log says why.")]
    advice = "Stop it, or choose another port with WAGU_PORT."
    return False, [problem("http", f"another program listens on port {port}", advice)]


def _ask(host: str, port: int) -> dict[str, Any] | None:
    """What /readyz says: {} when that is nothing of ours, None when nobody listens."""
    here = EVERYWHERE.get(host, host)
    here = f"[{here}]" if ":" in here else here
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://{here}:{port}/readyz", timeout=ANSWER_WITHIN) as answer:
            return _read(answer.read(10_000))
    except urllib.error.HTTPError as refused:
        return _read(refused.read(10_000))
    except urllib.error.URLError as error:
        return None if isinstance(error.reason, ConnectionRefusedError) else {}
    except OSError:
        return {}


def _read(body: bytes) -> dict[str, Any]:
    try:
        state = json.loads(body)
    except ValueError:
        return {}
    ours = isinstance(state, dict) and isinstance(state.get("parts"), dict)
    return state if ours else {}


def _free(host: str, port: int) -> Finding:
    from wagu.serve import CannotServe, bound  # noqa: PLC0415 - the whole server, for one question

    try:
        bound(host, port).close()
    except CannotServe as error:
        return problem("http", str(error), "The server would not start.")
    return ok("http", f"port {port} is free; no server runs")
