"""The voice of a shared map: the button, who is heard, and what the connection really carries."""

from __future__ import annotations

import time
from dataclasses import dataclass

from playwright.async_api import expect

from tests.browser.pages.room import Room
from tests.browser.pages.words import ko
from tests.clients.waiting import PATIENCE, eventually

INBOUND = """
async () => {
  const peer = window.waguVoice?.pc;
  const reports = peer && !peer.stale ? [...(await peer.getStats()).values()] : [];
  return reports.filter(({type, kind}) => type === 'inbound-rtp' && kind === 'audio')
    .map((r) => [Number(r.mid), r.packetsReceived, r.totalAudioEnergy ?? 0]);
}
"""

AUDIBLE = 1e-5
"""Energy that no silence adds; a beep of Chromium's microphone adds hundreds of times as much."""


@dataclass(frozen=True)
class Heard:
    """What came in from one person: packets, and their energy (0 is silence)."""

    packets: int
    energy: float


class Voice:
    def __init__(self, room: Room) -> None:
        self.room = room
        self.page = room.page
        self.switch = self.page.get_by_test_id("voice-on")

    async def join(self) -> None:
        """By the button; the first time it says why it wants a microphone."""
        await self.page.get_by_test_id("voice-join").click()
        reason = self.page.get_by_test_id("voice-reason")
        await expect(reason.or_(self.switch)).to_be_visible()
        if await reason.is_visible():
            await reason.get_by_role("button", name=ko("map.voice_reason_go")).click()
        await self.is_on()

    async def is_on(self) -> None:
        await expect(self.switch).to_be_visible()

    async def mute(self) -> None:
        button = self.switch.get_by_role("button", name=ko("map.voice_mute"))
        await button.click()
        await expect(button).to_have_attribute("aria-pressed", "true")

    async def unmute(self) -> None:
        button = self.switch.get_by_role("button", name=ko("map.voice_mute"))
        await button.click()
        await expect(button).to_have_attribute("aria-pressed", "false")

    async def heard(self) -> dict[str, Heard]:
        """By person, of the connection of now; slot i is the m-line after the microphone's."""
        slots = self.room.visitor.wire.slots
        by_person = {}
        for mid, packets, energy in await self.page.evaluate(INBOUND):
            holder = slots[mid - 1] if 0 < mid <= len(slots) else None
            if holder is not None:
                by_person[holder] = Heard(packets, energy)
        return by_person

    async def packets(self) -> int:
        """Of everyone in all slots, on the connection of now."""
        return sum(packets for _, packets, _ in await self.page.evaluate(INBOUND))

    async def hears(self, *people: str, within: float = PATIENCE) -> None:
        """Packets arrive from everyone of `people` (ids), and they are no silence."""

        async def all_heard() -> bool:
            heard = await self.heard()
            return all(
                person in heard and heard[person].packets > 0 and heard[person].energy > 0
                for person in people
            )

        name = self.room.visitor.name
        await eventually(all_heard, f"{name} hears {people}", within=within)

    async def has_in_its_slots(self, *people: str) -> None:
        """Exactly these (ids), in whatever order."""

        async def seated() -> bool:
            return set(self.room.visitor.wire.slots) == set(people)

        name = self.room.visitor.name
        await eventually(seated, f"{name} has {people} in the slots")

    async def has_lost_the_connection(self) -> None:
        """From here on only another connection counts."""
        await self.page.evaluate("window.waguVoice.pc.stale = true")

    async def keeps_hearing(self, *people: str, within: float = PATIENCE) -> float:
        """Until packets and sound of each have been seen to grow on one connection; that moment."""
        first: dict[str, Heard] = {}
        grown: set[str] = set()

        async def all_grow() -> bool:
            for person, heard in (await self.heard()).items():
                began = first.setdefault(person, heard)
                if heard.packets < began.packets:  # another connection, which counts from zero
                    first[person] = heard
                    grown.discard(person)
                elif heard.packets > began.packets and heard.energy > began.energy + AUDIBLE:
                    grown.add(person)
            return grown.issuperset(people)

        name = self.room.visitor.name
        await eventually(all_grow, f"{name} hears {people} on and on", within=within)
        return time.monotonic()

    async def is_silent_from(self, person: str, *, for_seconds: float = 1.0) -> None:
        """Nothing more arrives of `person`: their count stands still for a while."""
        still = {"packets": -1, "since": time.monotonic()}

        async def stands_still() -> bool:
            heard = (await self.heard()).get(person)
            packets = heard.packets if heard else 0
            if packets != still["packets"]:
                still.update(packets=packets, since=time.monotonic())
            return time.monotonic() - still["since"] >= for_seconds

        await eventually(stands_still, f"nothing more of {person}")

    async def sees_speaking(self, name: str) -> None:
        """The ring around a face."""
        face = self.room.person(name)
        await expect(face).to_have_attribute("data-speaking", "true")
        await expect(face.locator(".avatar.ring-speaking")).to_be_visible()

    async def sees_muted(self, name: str) -> None:
        face = self.room.person(name)
        await expect(face).to_have_attribute("data-voice", "muted")
        await expect(face.locator(".person-badge.voice.muted")).to_be_visible()
        await expect(face).to_have_attribute("data-speaking", "false")
