"""`wagu probe`: one publishes, one watches, two talk, against the real server."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import Callable
from typing import Any

import pytest

from media.reporting import FIXED_BITRATE
from tests.clients.guest import PASSWORD, Guest
from tests.clients.waiting import eventually
from tests.conftest import ROOT
from tests.flows.conftest import MakeGuest
from wagu.probe import probes, report
from wagu.probe.errors import ProbeFailed
from wagu.probe.figures import Figures
from wagu.probe.probes import What, Who
from wagu.probe.site import Link

WITHIN = 60.0
"""Seconds that a program may need to come and go, on a machine that does much else."""
SMALL = What(width=320, height=180, rate=10)


class Seen(list[Figures]):
    """What a probe showed, every second."""

    async def flows(self) -> bool:
        return bool(self) and self[-1].flows


async def run(*arguments: str) -> tuple[int | None, str, str]:
    """The command, as a person gives it: exit code, what it said, what it complained of."""
    own = {name: text for name, text in os.environ.items() if not name.startswith("WAGU_")}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "wagu", "probe", *arguments),
        cwd=ROOT,
        env=own | {"WAGU_PROBE_PASSWORD": PASSWORD},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    said, complained = await asyncio.wait_for(process.communicate(), WITHIN)
    return process.returncode, said.decode(), complained.decode()


async def member(guest: Guest) -> Who:
    return Who((await guest.api("GET", "/api/me"))["me"]["username"], PASSWORD)


async def test_one_publishes_and_one_watches(server: Callable[..., Any], guests: MakeGuest) -> None:
    here = server()
    host = await guests(here, "지민", member=True)
    live = (await host.api("POST", "/api/lives", {"title": "시험 방송"}))["live"]["id"]
    link = Link.read(f"{here.url}/live/{live}", "live")
    shown = Seen()
    for role, who, refusal in (
        (probes.watch, Who(), "nobody publishes there"),
        (probes.watch, Who(token="guess"), r"auth\.bad_token"),
    ):
        with pytest.raises(ProbeFailed, match=refusal):
            await role(link, who, 0, shown.append)
    with pytest.raises(ProbeFailed, match=r"live\.not_host"):
        await probes.publish(link, Who(), SMALL, 1, shown.append)

    sending = asyncio.create_task(
        probes.publish(link, await member(host), SMALL, 300, shown.append)
    )
    await eventually(shown.flows, "a picture is published", within=WITHIN)
    code, said, complained = await run(
        "watch", f"{here.url}/live/{live}", "--seconds", "7", "--json"
    )
    assert code == 0, complained
    watched = json.loads(said)
    assert watched["picture"]["frames"] >= 5
    assert (watched["picture"]["width"], watched["picture"]["height"]) == (320, 180)
    assert watched["picture"]["first"] >= watched["connected"]
    assert watched["received"]["audio"]["packets"] >= 20
    assert watched["received"]["video"]["packets"] >= 5
    assert watched["down"] > watched["up"]
    assert watched["estimate"] > 10_000, "of ours, by which the server chooses the layer"
    assert watched["picture"]["switches"] == 0, "there is one layer"
    assert shown[-1].estimate == pytest.approx(FIXED_BITRATE, rel=0.01), "of the server, by REMB"
    assert shown[-1].sent["video"].packets > 0
    assert "video" in report.line(shown[-1])

    await host.api("DELETE", f"/api/lives/{live}")  # which ends the media, too
    with pytest.raises(ProbeFailed, match="the media connection"):
        await asyncio.wait_for(sending, WITHIN)


async def test_two_talk(server: Callable[..., Any], guests: MakeGuest) -> None:
    here = server()
    host = await guests(here, "지민", member=True)
    room = await host.create_share_map()
    link = Link.read(f"{here.url}/{room}", "map")
    first, second = Seen(), Seen()
    talking = [
        asyncio.create_task(probes.talk(link, Who(name=name), What(), 300, seen.append))
        for name, seen in (("하나", first), ("두리", second))
    ]

    async def heard() -> bool:
        newest = [seen[-1] for seen in (first, second) if seen]
        received = [each.received["audio"].packets for each in newest if each.voices == 1]
        return len(received) == 2 and min(received) >= 50

    try:
        await eventually(heard, "they hear each other", within=WITHIN)
        assert all(seen[-1].sent["audio"].packets >= 50 for seen in (first, second))
    finally:
        for task in talking:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
    assert (first[-1].picture.frames, second[-1].picture.frames) == (0, 0)
    with pytest.raises(ProbeFailed, match=r"share_map\.unknown"):
        await probes.talk(Link(here.url, "map/unknown"), Who(), What(), 1, first.append)
