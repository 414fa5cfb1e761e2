"""TURN servers: set, and if asked whether they take our credentials."""

from __future__ import annotations

import asyncio
import re
import time

from wagu.doctor.finding import Finding, ok, problem
from wagu.domain.person import PersonId
from wagu.domain.turn import Turn
from wagu.settings import Settings

ANSWER_WITHIN = 5.0
PARTS = re.compile(r"(turns?):(?:\[([^\]]+)\]|([^:?]+))(?::(\d+))?(?:\?transport=(\w+))?")


async def check(settings: Settings, *, ask: bool) -> list[Finding]:
    if not settings.turn_urls:
        return [
            ok("turn", "none; only networks that let neither UDP nor our TCP port through miss it")
        ]
    if not ask:
        return [
            ok("turn", f"{', '.join(settings.turn_urls)}: handed to clients (--ask calls them)")
        ]
    turn = Turn(settings.turn_urls, settings.turn_secret, lifetime=60)
    (server,) = turn.servers(PersonId("doctor"), time.time())
    return [await _allocate(url, server.username, server.credential) for url in server.urls]


async def _allocate(url: str, username: str, credential: str) -> Finding:
    from aioice import stun, turn  # noqa: PLC0415 - only with --ask

    found = PARTS.fullmatch(url)
    assert found is not None  # the settings are checked
    tls = found[1] == "turns"
    where = (found[2] or found[3], int(found[4] or (5349 if tls else 3478)))
    transport = found[5] or ("tcp" if tls else "udp")
    try:
        async with asyncio.timeout(ANSWER_WITHIN):
            relay, _ = await turn.create_turn_endpoint(
                asyncio.DatagramProtocol, where, username, credential, ssl=tls, transport=transport
            )
            relay.close()
    except stun.TransactionFailed as refused:
        code, reason = refused.response.attributes.get("ERROR-CODE", (0, "no reason"))
        advice = "Does its static-auth-secret equal WAGU_TURN_SECRET, and its clock ours?"
        return problem("turn", f"{url} refuses our credentials: {code} {reason}", advice)
    except (stun.TransactionError, TimeoutError, OSError) as error:
        text = f"{url} does not answer: {str(error) or 'in time'}"
        return problem("turn", text, "Is it running, and its port open?")
    return ok("turn", f"{url} takes our credentials")
