"""A viewer's screen, watched frame by frame."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from tests.browser.pages.visitor import Visitor
from tests.clients.waiting import eventually

RECORD = """(video) => {
    window.shown = [];
    const note = () => {
        window.shown.push([performance.now() / 1000, video.videoHeight]);
        video.requestVideoFrameCallback(note);
    };
    video.requestVideoFrameCallback(note);
}"""


@dataclass(frozen=True)
class Shown:
    """The frames that a page has shown: when (its own seconds), and how high."""

    frames: list[tuple[float, int]]

    def since(self, begin: float) -> Shown:
        return Shown([each for each in self.frames if each[0] >= begin])

    def while_shown(self, begin: float, end: float) -> Shown:
        """What was on the screen from `begin` to `end`: also the frame that was shown already, and
        the last one for as long as it stayed, so that no gap is lost at either end."""
        inside = [each for each in self.frames if begin < each[0] < end]
        earlier = [each for each in self.frames if each[0] <= begin][-1:]
        last = [(end, (inside or earlier)[-1][1])] if inside or earlier else []
        return Shown(earlier + inside + last)

    @property
    def heights(self) -> set[int]:
        return {height for _, height in self.frames}

    @property
    def longest_freeze(self) -> float:
        times = [at for at, _ in self.frames]
        return max((b - a for a, b in pairwise(times)), default=float("inf"))


class Screen:
    """A viewer's screen, watched frame by frame."""

    def __init__(self, viewer: Visitor) -> None:
        self.page = viewer.page

    async def record(self) -> None:
        await self.page.get_by_test_id("player").evaluate(RECORD)

    async def now(self) -> float:
        return float(await self.page.evaluate("performance.now() / 1000"))

    async def shown(self) -> Shown:
        return Shown([tuple(each) for each in await self.page.evaluate("window.shown")])

    async def height(self) -> int:
        return int(await self.page.get_by_test_id("player").evaluate("(v) => v.videoHeight"))

    async def first(self, begin: float, *, below: int = 10_000, above: int = 0) -> float:
        """Seconds from `begin` to the first frame of such a height."""

        async def found() -> float | None:
            frames = (await self.shown()).since(begin).frames
            return next((at for at, height in frames if above < height < below), None)

        return float(await eventually(found, f"a frame of {above}…{below}", within=40)) - begin
