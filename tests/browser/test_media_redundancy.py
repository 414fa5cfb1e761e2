"""Redundant audio in Chromium: who prefers it hears what was lost out of the packets behind it."""

from __future__ import annotations

import itertools
from collections import defaultdict
from typing import Any

import pytest

from media.routing.output import Output
from tests.browser.test_media_chromium import SLOTS, Studio, hears, inbound, studio, until

__all__ = ["studio"]

pytestmark = pytest.mark.browser

OPUS, RED = 111, 63
EVERY = 8
"""Of so many packets of a stream one is lost."""
ENOUGH = 48_000 * 8
"""Samples of each voice."""


class Leaky:
    """A listener's link that loses packets, and remembers the payload types of each stream."""

    def __init__(self, link: Output) -> None:
        self.kinds: dict[int, set[int]] = defaultdict(set)
        self.send_rtcp = link.send_rtcp
        self._send = link.send_rtp
        self._counts: dict[int, Any] = defaultdict(itertools.count)

    def send_rtp(self, buffer: bytearray, length: int) -> bool:
        ssrc = int.from_bytes(buffer[8:12], "big")
        self.kinds[ssrc].add(buffer[1] & 127)
        return next(self._counts[ssrc]) % EVERY == 0 or self._send(buffer, length)

    def route(self) -> None:
        """Packets come one by one."""


async def test_red_repairs_for_who_prefers_it_and_others_get_plain_opus(studio: Studio) -> None:
    # Cy sends no copies: who prefers them gets plain Opus of it in the same room.
    wishes = {"ann": "{red: true}", "bo": "{red: true}", "cy": "{}"}
    pages = {name: await studio.page() for name in wishes}
    for name, page in pages.items():
        await page.evaluate(f"talk('room', '{name}', {SLOTS}, {wishes[name]})")
    for page in pages.values():
        await hears(page, 2)
    links = {}
    for name, peer in studio.sfu._rooms["room"].peers.items():
        leaky = links[name] = Leaky(peer.transport)
        for stream in peer.subscriptions.values():
            stream._output = stream._writer._output = leaky
            stream.rerouted()

    async def voices(name: str) -> dict[str, dict[str, Any]]:
        """By the mid of the slot."""
        heard = await inbound(pages[name], "audio")
        return {each["mid"]: each for each in heard if each["totalAudioEnergy"]}

    before = {name: await voices(name) for name in wishes}

    async def heard_enough() -> bool:
        now = {name: await voices(name) for name in wishes}
        return all(
            now[name][mid]["totalSamplesReceived"] - each["totalSamplesReceived"] >= ENOUGH
            for name, figures in before.items()
            for mid, each in figures.items()
        )

    await until(heard_enough, "some seconds of every voice")
    concealed: dict[str, dict[bool, float]] = defaultdict(dict)
    for name in wishes:
        slots = {line.mid: line.ssrc for line in studio.sfu._rooms["room"].peers[name].outgoing}
        for mid, each in (await voices(name)).items():
            hidden, samples = (
                each[figure] - before[name][mid][figure]
                for figure in ("concealedSamples", "totalSamplesReceived")
            )
            kinds = links[name].kinds[slots[mid]]
            concealed[name][RED in kinds] = hidden / samples
            print(f"figure: {name} conceals {hidden / samples:.1%} of a voice in {sorted(kinds)}")
    assert {name: sorted(shares) for name, shares in concealed.items()} == {
        "ann": [False, True],
        "bo": [False, True],
        "cy": [False],
    }
    for name in ("ann", "bo"):
        assert concealed[name][True] < concealed[name][False] / 2
    rooms = studio.sfu.stats()["rooms"]
    assert not any(peer["dropped"] for peer in rooms["room"]["peers"].values())
