"""For whoever runs this: alive, ready, figures."""

from __future__ import annotations

import asyncio

import structlog
from aiohttp import web

from wagu.web import keys
from wagu.web.models import View
from wagu.web.route import Call, encode

log = structlog.get_logger("wagu.web")

ANSWER_WITHIN = 2.0  # seconds, for all checks together


class Alive(View):
    alive: bool


class Ready(View):
    ready: bool
    parts: dict[str, bool]


async def livez(_call: Call[None]) -> Alive:
    return Alive(alive=True)


async def readyz(call: Call[None]) -> web.Response:
    checks = call[keys.CHECKS]
    outcomes = await asyncio.gather(*(_passes(name, check) for name, check in checks.items()))
    parts = dict(zip(checks, outcomes, strict=True))
    ready = all(outcomes)
    return encode(Ready(ready=ready, parts=parts), 200 if ready else 503)


async def metrics(call: Call[None]) -> web.Response:
    return web.Response(
        body=call[keys.METRICS].render(),
        headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"},
    )


async def _passes(name: str, check: keys.Check) -> bool:
    try:
        async with asyncio.timeout(ANSWER_WITHIN):
            await check()
    except Exception as error:
        log.warning("= not ready", part=name, error=repr(error))
        return False
    return True
