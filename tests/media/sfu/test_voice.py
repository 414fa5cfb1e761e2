"""A voice room through the SFU: slots, speakers, mute."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from media.errors import RoomFull
from media.events import Event, SlotsChanged, SpeakersChanged
from media.packets.sequence import distance
from media.sfu import Sfu, SfuConfig


async def test_three_talk_and_each_hears_the_others(house: Any) -> None:
    names = ("ann", "bo", "cy")
    talkers = {name: await house.join("map/1", name, "talk") for name in names}
    for number in range(5):
        for name, client in talkers.items():
            client.speak(number, name.encode())
    for name, client in talkers.items():
        await house.until(lambda c=client: len(c.rtp) == 10, "two voices")
        slots = [each.slots for each in house.told(SlotsChanged) if each.peer == name][-1]
        assert {slot for slot in slots if slot} == set(names) - {name}
        for number, holder in enumerate(slots):
            expected = [holder.encode()] * 5 if holder else []
            assert client.payloads(str(number + 1)) == expected


async def test_who_speaks_is_told_and_muting_ends_it(house: Any) -> None:
    ann = await house.join("map/1", "ann", "talk")
    bo = await house.join("map/1", "bo", "talk")

    def speakers() -> tuple[str, ...]:
        told = house.told(SpeakersChanged)
        return told[-1].speakers if told else ()

    numbers = itertools.count(1)

    def marked() -> bool:
        ann.speak(next(numbers))
        return speakers() == ("ann",)

    await house.until(marked, "ann is marked as she speaks")
    house.sfu.mute("map/1", "ann", True)
    await house.until(lambda: speakers() == (), "silence")
    heard = len(bo.rtp)
    for number in range(5):
        ann.speak(30000 + number)
    received = house.sfu.stats()["received_packets"]
    ann.speak(30005)
    await house.until(lambda: house.sfu.stats()["received_packets"] > received, "it arrived")
    assert len(bo.rtp) == heard


async def test_a_full_room_takes_no_more(house: Any) -> None:
    for number in range(8):
        house.sfu.answer("map/1", f"p{number}", "talk", house.client().offer("talk", "actpass", 0))
    with pytest.raises(RoomFull):
        house.sfu.answer("map/1", "p8", "talk", house.client().offer("talk", "actpass", 0))


async def test_fewer_slots_are_offered_than_there_are(house: Any) -> None:
    await house.join("map/1", "ann", "talk", slots=2)
    await house.join("map/1", "bo", "talk", slots=0)
    told = {each.peer: each.slots for each in house.told(SlotsChanged)}
    assert told == {"ann": ("bo", None)}


async def test_of_fifty_people_each_hears_the_six_who_speak(
    make_client: Callable[[Sfu], Any], wait_for: Callable[..., Awaitable[None]]
) -> None:
    held: dict[str, tuple[str | None, ...]] = {}

    def listen(event: Event) -> None:
        if isinstance(event, SlotsChanged):
            held[event.peer] = event.slots

    sfu = Sfu(SfuConfig(host="127.0.0.1", max_peers=50), listen)
    await sfu.start()
    people = {f"p{number:02}": make_client(sfu) for number in range(50)}
    await asyncio.gather(*(each.join("map/1", name, "talk") for name, each in people.items()))
    speakers = set(list(people)[-6:])
    numbers = itertools.count(1)

    def all_send() -> int:
        number = next(numbers)
        for name, each in people.items():
            each.speak(number, f"{name} {number}".encode(), 20 if name in speakers else 110)
        return number

    def seated() -> bool:
        all_send()
        return len(held) == 50 and all(
            speakers - {name} <= set(holders) for name, holders in held.items()
        )

    await wait_for(seated, "the speakers sit in everybody's slots")
    rounds = []
    for _ in range(10):
        rounds.append(all_send())
        await asyncio.sleep(0.02)

    def hears_all(name: str) -> bool:
        heard = {packet.payload.decode() for packet in people[name].rtp}
        return heard >= {f"{who} {n}" for who in speakers - {name} for n in rounds}

    for name in people:
        await wait_for(lambda n=name: hears_all(n), f"{name} hears every word")
    assert sfu.stats()["sent_packets"] <= 50 * (6 * rounds[-1] + 50), "six voices, and some RTCP"
    for each in people.values():
        slots = {packet.ssrc: [p for p in each.rtp if p.ssrc == packet.ssrc] for packet in each.rtp}
        assert len(slots) <= 6
        for heard in slots.values():
            steps = {distance(b.sequence, a.sequence) for a, b in itertools.pairwise(heard)}
            assert steps <= {1}
        await each.close()
    await sfu.close()
