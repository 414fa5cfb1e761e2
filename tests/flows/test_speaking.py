"""Who speaks is known to everyone, soon; who is muted is not heard."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

from tests.clients.guest import Guest, Message
from tests.clients.talker import LOUD, SILENT
from tests.clients.waiting import eventually, usually_in_time
from tests.flows.conftest import MakeGuest, MakeTalker

VISIBLE_WITHIN = 0.3  # seconds from the first loud packet, usually
WORST = 1.0


def speakers(*people: Guest) -> Callable[[Message], bool]:
    """The message that says that exactly these speak."""
    ids = {person.id for person in people}
    return lambda m: m["type"] == "voice_speakers" and set(m["speakers"]) == ids


async def test_who_speaks_is_known_at_once(
    server: Callable[..., Any], guests: MakeGuest, talkers: MakeTalker
) -> None:
    here = server()
    host = await guests(here, "지민", member=True)
    sky = await guests(here, "하늘")
    room = await host.create_share_map()
    await asyncio.gather(host.join(room), sky.join(room))
    ours, theirs = await talkers(host, level=SILENT), await talkers(sky, level=SILENT)
    await ours.hears(1)

    async def speak_up() -> float:
        before, begun = len(host.heard), time.monotonic()
        theirs.level = LOUD
        await host.hear(speakers(sky), since=before)
        took = time.monotonic() - begun
        theirs.level = SILENT
        await host.hear(speakers(), since=before)
        return took

    # Five times: for a tenth of a second, a busy machine leaves any process waiting.
    await usually_in_time(
        speak_up, "a voice is marked", within=VISIBLE_WITHIN, at_worst=WORST, times=5
    )


async def test_who_is_muted_is_not_forwarded(
    server: Callable[..., Any], guests: MakeGuest, talkers: MakeTalker
) -> None:
    here = server()
    host = await guests(here, "지민", member=True)
    sky = await guests(here, "하늘")
    room = await host.create_share_map()
    await asyncio.gather(host.join(room), sky.join(room))
    ours, theirs = await talkers(host), await talkers(sky)
    await ours.hears(1)

    muted = await sky.ask("person", type="voice_mute", muted=True)
    assert (muted["person"]["id"], muted["person"]["voice"]) == (sky.id, "muted")
    await host.hear(lambda m: m["type"] == "person" and m["person"]["voice"] == "muted")
    await eventually(lambda: stands_still(ours), "nothing more of the muted")
    assert theirs.heard, "who is muted still hears"
    await sky.send(type="voice_mute", muted=False)
    await ours.hears(1)


async def stands_still(talker: Any) -> bool:
    """Not one packet in ten packets' time."""
    before = talker.heard.total()
    await asyncio.sleep(0.2)
    return bool(talker.heard.total() == before)
