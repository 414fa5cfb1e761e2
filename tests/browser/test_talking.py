"""One browser's side of a conversation: who speaks shows at once, devices to choose, no microphone.

The other side is a voice without a browser, which speaks when it is told to.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.pages.parties import HOST, SKY, Arrive
from tests.browser.pages.room import Room
from tests.browser.pages.voice import Voice
from tests.browser.pages.words import ko
from tests.clients.guest import Guest
from tests.clients.talker import LOUD, SILENT, Talker
from tests.clients.waiting import eventually, usually_in_time

pytestmark = pytest.mark.browser

VISIBLE_WITHIN = 0.3  # seconds from the first loud packet to the ring around the face, usually
WORST = 1.0

# When the face of a person, known by its id, got the ring: seconds since the epoch, as painted.
WATCH_FACE = """
(id) => {
  window.rings = [];
  const people = document.querySelector('[data-testid=people]');
  const selector = `[data-person="${id}"][data-speaking=true] .ring-speaking`;
  let on = false;
  new MutationObserver(() => requestAnimationFrame(() => {
    const now = people.querySelector(selector) !== null;
    if (now && !on) window.rings.push((performance.timeOrigin + performance.now()) / 1000);
    on = now;
  })).observe(people, { subtree: true, childList: true, attributes: true });
}
"""
NO_MICROPHONE = """
navigator.mediaDevices.getUserMedia =
  () => Promise.reject(new DOMException('no', 'NotAllowedError'));
"""

MICROPHONE = "waguVoice.pc.getSenders()[0].track.label"
SPEAKERS = "[...new Set([...document.querySelectorAll('audio')].map(({sinkId}) => sinkId))]"
ID_OF_SPEAKER = """
async (name) => (await navigator.mediaDevices.enumerateDevices())
  .find(({kind, label}) => kind === 'audiooutput' && label === name).deviceId
"""

Meet = Callable[..., Awaitable[tuple[Voice, Talker]]]


@pytest.fixture
async def meet(arrive: Arrive) -> AsyncIterator[Meet]:
    """A browser and a voice in one room; `prepare` is a script for the page."""
    friends: list[Guest] = []
    talkers: list[Talker] = []

    async def meet(here: Any, prepare: str = "") -> tuple[Voice, Talker]:
        host = await arrive(here, HOST)
        if prepare:
            await host.context.add_init_script(prepare)
        await host.become_member()
        link = await host.create_share_map("둘이서")
        room = await Room.enter(host, link)
        friend = Guest(here.url, SKY)
        friends.append(friend)
        await friend.become_guest()
        await friend.join(link.removeprefix(f"{here.url}/"))
        talkers.append(Talker(friend, level=SILENT))
        await talkers[-1].join()
        return Voice(room), talkers[-1]

    yield meet
    for talker in talkers:
        await talker.close()
    for friend in friends:
        await friend.close()


async def test_a_voice_shows_within_a_third_of_a_second(
    server: Callable[..., Any], meet: Meet
) -> None:
    voice, sky = await meet(server())
    await voice.join()
    await voice.mute()
    page = voice.page
    await page.evaluate(WATCH_FACE, sky.guest.id)

    async def speak_up() -> float:
        before = await rings(page)
        begun = time.time()  # the page's clock is the same machine's
        sky.level = LOUD
        seen = await eventually(lambda: newer(page, before), "a ring around the face")
        sky.level = SILENT
        face = voice.room.person(SKY)
        await expect(face).to_have_attribute("data-speaking", "false")
        return seen - begun

    # Five times: for a tenth of a second, a busy machine leaves any process waiting.
    await usually_in_time(
        speak_up, "a voice is seen", within=VISIBLE_WITHIN, at_worst=WORST, times=5
    )


async def rings(page: Page) -> list[float]:
    return [float(each) for each in await page.evaluate("window.rings")]


async def newer(page: Page, before: list[float]) -> float:
    """When the first ring after those came; 0: not yet."""
    return next(iter((await rings(page))[len(before) :]), 0.0)


async def test_another_microphone_is_chosen_while_one_talks(
    server: Callable[..., Any], meet: Meet
) -> None:
    voice, sky = await meet(server())
    await voice.join()
    await sky.hears(1)
    page = voice.page
    first = await page.evaluate(MICROPHONE)

    other = await choose_another(voice, ko("map.voice_input"), first)

    async def changed() -> bool:
        return bool(await page.evaluate(MICROPHONE) == other)

    await eventually(changed, f"{other} instead of {first}")
    await sky.hears(1)


async def test_another_speaker_is_chosen_while_one_listens(
    server: Callable[..., Any], meet: Meet
) -> None:
    voice, sky = await meet(server())
    await voice.join()
    sky.level = LOUD
    await voice.keeps_hearing(sky.guest.id)
    page = voice.page
    assert await page.evaluate(SPEAKERS) == [""], "the default, until one is chosen"

    other = await choose_another(voice, ko("map.voice_output"), "")
    chosen = await page.evaluate(ID_OF_SPEAKER, other)

    async def changed() -> bool:
        return bool(await page.evaluate(SPEAKERS) == [chosen])

    await eventually(changed, f"all that plays goes to {other}")
    await voice.keeps_hearing(sky.guest.id)


async def choose_another(voice: Voice, what: str, first: str) -> str:
    """In the sheet of the voice: the label of a device other than the first."""
    await voice.switch.get_by_role("button", name=ko("map.voice_settings")).click()
    device = voice.page.get_by_test_id("voice-sheet").locator("label.device")
    choice = device.filter(has_text=what).get_by_role("combobox")

    async def another() -> str | None:
        labels = await choice.locator("option").all_inner_texts()
        return next((each for each in reversed(labels[1:]) if each != first), None)

    other = await eventually(another, f"one of {what} other than {first or 'the default'}")
    await choice.select_option(label=other)
    return other


async def test_who_gives_no_microphone_is_told_how_and_may_listen(
    server: Callable[..., Any], meet: Meet
) -> None:
    voice, sky = await meet(server(), NO_MICROPHONE)
    page = voice.page
    await page.get_by_test_id("voice-join").click()
    reason = page.get_by_test_id("voice-reason")
    await expect(reason).to_contain_text(ko("map.voice_reason_text"))
    await reason.get_by_role("button", name=ko("map.voice_reason_go")).click()
    trouble = page.get_by_test_id("voice-sheet")
    await expect(trouble).to_contain_text(ko("map.voice_problem_denied_text"))
    await trouble.get_by_role("button", name=ko("map.voice_listen")).click()
    await voice.is_on()
    await expect(voice.switch).to_contain_text(ko("map.voice_listening"))
    sky.level = LOUD
    await voice.hears(sky.guest.id)
