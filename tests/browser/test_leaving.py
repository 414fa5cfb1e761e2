"""A node is told to stop while people are in its rooms: their pages go over to another one."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.pages.ears import Ears
from tests.browser.pages.live import Studio, Watch
from tests.browser.pages.parties import NOODLES, SKY, Arrive, Conversation, three_friends
from tests.browser.pages.visitor import PHONE
from tests.clients.waiting import allowed, assert_within
from tests.faults.screen import Screen
from tests.operate.round_robin import Front, round_robin

pytestmark = pytest.mark.browser

TOLD_WITHIN = 1.0  # seconds over which all are told to move
VOICE_GAP, LIVE_GAP = 2.0, 3.0


@pytest.fixture
def front(
    server: Callable[..., Any],
    stores: dict[str, str],
    free_port: Callable[[], int],
    tmp_path: Path,
) -> Iterator[Front]:
    with round_robin(server, 2, tmp_path, free_port(), **stores) as front:
        yield front


def keeper(front: Front, kind: str) -> Any:
    """The node that has the room."""
    (found,) = [node for node in front.nodes if "< join" in node.log and f"kind={kind}" in node.log]
    return found


async def test_voices_ballot_and_chat_go_over(front: Front, arrive: Arrive) -> None:
    host, sky, sea = rooms = await three_friends(arrive, front)
    await host.nominate_known(NOODLES, typed="을지")
    await sky.vote(NOODLES)
    await sky.say("어디서 볼까")
    talk = await Conversation.among(*rooms)
    for room in rooms:
        room.visitor.outlives_a_restart()
    for voice in talk.voices:
        await voice.has_lost_the_connection()
    ears = [Ears(room.visitor) for room in rooms]
    for each in ears:
        await each.listen()
    leaving = keeper(front, "map")

    told = time.monotonic()
    stopping = asyncio.create_task(asyncio.to_thread(leaving.stop))
    heard = await talk.goes_on()
    assert await stopping == 0
    for each in ears:
        await each.have_left_the_former_connection()
    missed = [await each.longest_without(len(rooms) - 1) for each in ears]
    start = float(await asyncio.to_thread(leaving.start_whole))
    limit = allowed(VOICE_GAP, start)
    assert_within(limit, max(missed), "somebody does not hear somebody")
    assert_within(TOLD_WITHIN + limit, heard - told, "voices are at another node")

    assert [await room.my_id() for room in rooms] == talk.ids
    await sky.has_voted(NOODLES)
    await sea.hears("어디서 볼까", by=SKY)
    await sea.vote(NOODLES)


async def test_a_live_goes_over_with_its_viewers(front: Front, arrive: Arrive) -> None:
    studio = Studio(await arrive(front, "유나", PHONE))
    fan = Watch(await arrive(front, "도윤", PHONE))
    await studio.visitor.become_member()
    await studio.prepare("불 앞에서")
    await fan.by_link(await studio.go_live())
    await fan.sees_picture()
    for each in (studio, fan):
        each.visitor.outlives_a_restart()
    screen = Screen(fan.visitor)
    await screen.record()
    await fan.has_lost_the_connection()
    leaving = keeper(front, "live")

    begun = await screen.now()
    stopping = asyncio.create_task(asyncio.to_thread(leaving.stop))
    await fan.goes_on()
    assert await stopping == 0
    await fan.sees_picture()
    shown = (await screen.shown()).while_shown(begun, await screen.now())
    start = float(await asyncio.to_thread(leaving.start_whole))
    assert_within(allowed(LIVE_GAP, start), shown.longest_freeze, "a viewer sees a still picture")
    await studio.is_in("on_air")
