"""What somebody hears: of how many voices sound arrives in what plays, moment by moment."""

from __future__ import annotations

from itertools import pairwise

from tests.browser.pages.visitor import Visitor
from tests.clients.waiting import eventually

EVERY = 0.1
"""Seconds between two looks; a silence shorter than that is not seen."""

LISTEN = """(every) => {
  window.heard = [];
  window.openPeers = () => peers.filter(({ connectionState }) => connectionState !== 'closed');
  let before = new Map();
  const look = async () => {
    const elements = [...document.querySelectorAll('audio')].filter(({ paused }) => !paused);
    const played = elements.flatMap(({ srcObject }) => srcObject?.getAudioTracks() ?? []);
    const reports = await Promise.all(window.openPeers().map((peer) => peer.getStats()));
    const all = reports.flatMap((each) => [...each.values()]);
    const sounds = all.filter(({ type }) => type === 'inbound-rtp');
    const now = new Map(sounds.map((each) => [each.trackIdentifier, each.packetsReceived]));
    const grows = ({ id }) => now.get(id) > (before.get(id) ?? Infinity);
    window.heard.push([performance.now() / 1000, played.filter(grows).length]);
    before = now;
    setTimeout(look, every * 1000);
  };
  void look();
}"""


class Ears:
    def __init__(self, visitor: Visitor) -> None:
        self.page = visitor.page

    async def listen(self) -> None:
        """From here on."""
        await self.page.evaluate(LISTEN, EVERY)

    async def have_left_the_former_connection(self) -> None:
        """There is one again."""

        async def alone() -> bool:
            return bool(await self.page.evaluate("window.openPeers().length === 1"))

        await eventually(alone, "one connection")

    async def longest_without(self, voices: int) -> float:
        """Seconds in which not all of that many voices were heard, at the longest; at the least
        those between two looks. A person sits in one slot at a time, and one connection is played
        at a time: no voice counts twice."""
        heard: list[tuple[float, int]] = await self.page.evaluate("window.heard")
        full = [at for at, count in heard if count >= voices]
        assert full, f"never {voices} voices, but {[count for _, count in heard]}"
        # Of the first look nothing is known: it has nothing to compare with.
        return max(b - a for a, b in pairwise([heard[1][0], *full, heard[-1][0]]))
