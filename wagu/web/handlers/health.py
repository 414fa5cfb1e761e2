"""For whoever runs this: alive, ready, figures."""

from __future__ import annotations

import asyncio
from typing import Annotated

import structlog
from aiohttp import web
from pydantic import Field

from wagu.web import keys
from wagu.web.models import View
from wagu.web.route import Call, encode

log = structlog.get_logger("wagu.web")

ANSWER_WITHIN = 2.0  # seconds, for all checks together


class Alive(View):
    alive: bool


class Ready(View):
    ready: bool
    degraded: Annotated[bool, Field(description="a part is away that the rest can do without")]
    parts: dict[str, bool]


async def livez(_call: Call[None]) -> Alive:
    return Alive(alive=True)


async def readyz(call: Call[None]) -> web.Response:
    checks = call[keys.CHECKS]
    outcomes = await asyncio.gather(*(_passes(name, check) for name, check in checks.items()))
    parts = dict(zip(checks, outcomes, strict=True))
    away = {name for name, passes in parts.items() if not passes}
    ready = away <= call[keys.SPARED]
    found = Ready(ready=ready, degraded=ready and bool(away), parts=parts)
    return encode(found, 200 if ready else 503)


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
