"""Going live and watching: the studio, both screens, and what media really flows."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Page, expect

from tests.browser.pages.visitor import Visitor
from tests.browser.pages.voice import AUDIBLE
from tests.browser.pages.words import ko
from tests.clients.waiting import PATIENCE, eventually


class LiveChat:
    """The part that host and viewers share."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.page: Page = visitor.page
        self.screen = self.page.get_by_test_id("live")
        self.lines = self.page.get_by_test_id("chat-lines")

    async def say(self, text: str) -> None:
        await self.page.get_by_label(ko("chat.placeholder")).fill(text)
        await self.page.get_by_role("button", name=ko("chat.send")).click()

    async def hears(self, text: str, by: str) -> None:
        line = self.lines.get_by_role("listitem").filter(has_text=text)
        await expect(line).to_have_count(1)
        await expect(line).to_contain_text(by)

    async def counts_viewers(self, n: int) -> None:
        viewers = self.screen.get_by_test_id("viewers")
        await expect(viewers).to_have_attribute("aria-label", ko("live.viewers", n=n))

    async def is_told_it_ended(self, *, mine: bool = False) -> None:
        # A connection's good-bye finds nobody where the server has ended it first.
        self.visitor.troubles.expect(r"404 DELETE \S*/wh[ei]p/", r"status of 404 .*/wh[ei]p/")
        over = self.page.get_by_test_id("live-ended")
        title = ko("watch.host_ended" if mine else "watch.ended")
        await expect(over.get_by_role("status")).to_have_text(title)
        await expect(over.get_by_role("link", name=ko("watch.others"))).to_be_visible()

    async def is_in(self, state: str, *, within: float = PATIENCE) -> None:
        await expect(self.screen).to_have_attribute("data-state", state, timeout=within * 1000)


class Studio(LiveChat):
    """The host's side."""

    async def prepare(self, title: str, place: str | None = None) -> None:
        """See oneself, and say what it is about."""
        await self.visitor.open("/live/new")
        preview = self.page.get_by_test_id("preview")
        await expect(preview).to_be_visible()
        await eventually(
            lambda: preview.evaluate("(v) => v.videoWidth > 0"), "a picture of oneself"
        )
        await self.page.get_by_label(ko("golive.name"), exact=True).fill(title)
        if place is not None:
            await self.page.get_by_label(ko("golive.place")).fill(place[:3])
            found = self.page.get_by_role("list", name=ko("golive.place_results"))
            await found.get_by_role("button", name=place).click()

    async def go_live(self) -> str:
        """The path of the live, once it is on air."""
        await self.page.get_by_role("button", name=ko("golive.start")).click()
        await self.is_in("on_air")
        return self.page.url.removeprefix(self.visitor.url)

    async def camera(self) -> tuple[int, int]:
        """Width and height of what the camera gives."""
        preview = self.page.get_by_test_id("preview")
        width, height = await preview.evaluate("(v) => [v.videoWidth, v.videoHeight]")
        return int(width), int(height)

    async def layers(self) -> dict[str, int]:
        """Frames that were sent of each simulcast layer, by RID."""
        reports = await self.page.evaluate("peerStats('outbound-rtp')")
        return {each["rid"]: each["framesSent"] for each in reports if each["kind"] == "video"}

    async def sends_layers(self, *rids: str) -> None:
        async def all_sent() -> bool:
            layers = await self.layers()
            return set(layers) == set(rids) and all(layers.values())

        await eventually(all_sent, f"frames of {rids} are sent")

    async def limited_for(self) -> float:
        """Seconds for which the browser sent less than it could, by its own guess at its link."""
        reports = await self.page.evaluate("peerStats('outbound-rtp')")
        return max(
            each["qualityLimitationDurations"]["bandwidth"]
            for each in reports
            if each["kind"] == "video"
        )

    async def end(self) -> None:
        await self.page.get_by_role("button", name=ko("host.end")).click()
        question = self.page.get_by_role("alertdialog")
        await question.get_by_role("button", name=ko("host.end")).click()


@dataclass(frozen=True)
class Seen:
    """What a viewer's connection received, so far."""

    frames: int
    width: int
    height: int
    audio_packets: int
    audio_energy: float


class Watch(LiveChat):
    """A viewer's side."""

    async def by_link(self, path: str) -> None:
        await self.visitor.open(path)

    async def from_live_tab(self, host: str, title: str) -> None:
        await self.visitor.open("/")
        await self.page.get_by_role("link", name=ko("nav.live"), exact=True).click()
        await self.page.get_by_role("link", name=ko("live.open", host=host, title=title)).click()

    def waits_for_a_host(self) -> None:
        """Asking for a picture before there is one is answered by 409."""
        self.visitor.troubles.expect(r"409 POST \S*/whep/", r"status of 409 .*/whep/")

    async def seen(self, of: int = 0) -> Seen:
        """Of the host, or of the guest in the first (second, third) place."""
        reports: list[dict[str, Any]] = await self.page.evaluate("peerStats('inbound-rtp')")
        by_line = {each["mid"]: each for each in reports}
        audio, video = by_line.get(f"{2 * of}", {}), by_line.get(f"{2 * of + 1}", {})
        return Seen(
            video.get("framesDecoded", 0),
            video.get("frameWidth", 0),
            video.get("frameHeight", 0),
            audio.get("packetsReceived", 0),
            audio.get("totalAudioEnergy", 0.0),
        )

    async def sees_picture(
        self, size: tuple[int, int] | None = None, *, within: float = PATIENCE
    ) -> None:
        """Frames are decoded and shown, in this size where one is given."""
        start = await self.seen()

        async def moves() -> bool:
            now = await self.seen()
            shown = await self.page.get_by_test_id("player").evaluate(
                "(v) => [v.videoWidth, v.videoHeight, v.paused]"
            )
            fits = size is None or ((now.width, now.height) == size == tuple(shown[:2]))
            return now.frames >= start.frames + 3 and fits and shown[0] > 0 and not shown[2]

        what = f"{self.visitor.name} sees a moving picture of {size or 'any size'}"
        try:
            await eventually(moves, what, within=within)
        except AssertionError as error:
            raise AssertionError(f"{error}: {await self.seen()}") from None

    async def hears_sound(self, *, of: int = 0, within: float = PATIENCE) -> None:
        async def is_heard() -> bool:
            now = await self.seen(of)
            return now.audio_packets > 0 and now.audio_energy > 0

        await eventually(is_heard, f"{self.visitor.name} hears the live", within=within)

    async def goes_on(self, *, within: float = PATIENCE) -> float:
        """Until pictures and sound have been seen to grow on one connection; that moment."""
        began = await self.seen()

        async def grows() -> bool:
            nonlocal began
            now = await self.seen()
            if now.frames < began.frames or now.audio_packets < began.audio_packets:
                began = now  # another connection, which counts from zero
            sounds = now.audio_packets > began.audio_packets
            sounds = sounds and now.audio_energy > began.audio_energy + AUDIBLE
            return sounds and now.frames >= began.frames + 3

        await eventually(grows, f"{self.visitor.name} sees and hears on", within=within)
        return time.monotonic()

    async def has_lost_the_connection(self) -> None:
        """From here on only another connection counts."""
        await self.page.evaluate("peers.forEach((peer) => { peer.stale = true; })")

    async def first_picture_after(self, *, press: bool = False) -> float:
        """Seconds to the first picture, from the start of the navigation or from the last press."""
        arrived = await eventually(
            lambda: self.page.evaluate("window.firstPicture"), "a first picture"
        )
        pressed = await self.page.evaluate("window.lastPress") if press else 0
        return float(arrived - pressed) / 1000

    async def enter_name(self) -> None:
        """Who has none gives one before writing."""
        await self.page.get_by_role("button", name=ko("guest.write")).click()
        await self.page.get_by_label(ko("guest.name"), exact=True).fill(self.visitor.name)
        await self.page.get_by_role("button", name=ko("guest.enter")).click()
