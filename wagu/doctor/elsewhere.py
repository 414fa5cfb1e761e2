"""Does the media server elsewhere answer, and does it take our key?"""

from __future__ import annotations

import time

from wagu.doctor.finding import Finding, ok, problem
from wagu.errors import WaguError
from wagu.media_backend.choice import remote_of
from wagu.settings import Settings


async def check(settings: Settings) -> list[Finding]:
    remote = remote_of(settings, time.time)
    where = f"{settings.media} at {settings.media_url}"
    try:
        rooms = await remote.rooms()
    except WaguError:
        if remote.answers:
            advice = "WAGU_MEDIA_KEY and WAGU_MEDIA_SECRET must be those of its configuration."
            return [problem("media", f"{where} refuses our key", advice)]
        advice = "Is it running, and is WAGU_MEDIA_URL where this machine reaches it?"
        return [problem("media", f"{where} does not answer", advice)]
    finally:
        await remote.close()
    return [ok("media", f"{where} answers: {len(rooms)} rooms of ours")]
