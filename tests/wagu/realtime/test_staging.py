"""A live's stage over real sockets: invitations, answers, places, and every way off it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from wagu.media_backend.base import LayersWanted, PeerKey, RoomKey, StageChanged

NOBODY = [None, None, None]


@dataclass
class Show:
    """A live with its host, and one viewer who has a name."""

    house: Any
    room: str
    host: Any
    at_host: Any
    fan: Any
    at_fan: Any

    @property
    def peer(self) -> PeerKey:
        return PeerKey(f"{self.fan.id}:stage")

    def guest(self, state: str, *, muted: bool = False) -> dict[str, Any]:
        return {"id": self.fan.id, "name": "하늘", "state": state, "muted": muted}

    async def says_muted(self, muted: bool) -> None:
        """All are told."""
        for talker in (self.at_host, self.at_fan):
            told = (await talker.expect("stage"))["stage"]["guests"]
            assert told == [self.guest("accepted", muted=muted)]

    async def invite(self) -> None:
        await self.at_host.send("stage_invite", person=self.fan.id)
        await self.told("invited")

    async def accept(self) -> None:
        await self.at_fan.send("stage_answer", accept=True)
        await self.told("accepted")
        await self.house.media.answer(RoomKey(self.room), self.peer, "guest", "v=0")
        self.house.media.tell(StageChanged(RoomKey(self.room), (self.peer, None, None)))
        for talker in (self.at_host, self.at_fan):
            stage = (await talker.expect("stage"))["stage"]
            assert stage["places"] == [self.fan.id, None, None]

    async def told(self, *states: str) -> None:
        """All are told that the fan is this, or that nobody is anything."""
        guests = [self.guest(state) for state in states]
        for talker in (self.at_host, self.at_fan):
            while (await talker.expect("stage"))["stage"]["guests"] != guests:
                pass


@pytest.fixture
async def show(house: Any) -> Show:
    host, fan = await house.member("지민"), await house.guest("하늘")
    room = f"live/{(await house.live(host)).id}"
    return Show(house, room, host, await house.enter(host, room), fan, await house.enter(fan, room))


async def test_a_viewer_comes_on_stage_and_the_host_ends_it(show: Show) -> None:
    assert show.at_fan.heard[-1]["stage"] == {"guests": [], "places": NOBODY}
    await show.invite()
    await show.accept()
    late = await show.house.enter(None, show.room)
    assert late.heard[-1]["stage"] == {
        "guests": [show.guest("accepted")],
        "places": [show.fan.id, None, None],
    }
    await show.at_host.send("stage_end", person=show.fan.id)
    await show.told()
    await show.at_host.all_until_pong()
    assert show.house.media.peers == {}


async def test_a_guest_ends_it_too(show: Show) -> None:
    await show.invite()
    await show.accept()
    await show.at_fan.send("stage_end", person=show.fan.id)
    await show.told()
    await show.at_fan.all_until_pong()
    assert show.house.media.peers == {}


async def test_the_host_mutes_a_guest_who_may_unmute(show: Show) -> None:
    media = show.house.media
    assert await show.at_host.refused("mute_person", person=show.fan.id) == "voice.off"
    await show.invite()
    assert await show.at_host.refused("mute_person", person=show.fan.id) == "voice.off"
    assert await show.at_fan.refused("stage_mute", muted=True) == "voice.off"
    await show.accept()
    await show.at_host.send("mute_person", person=show.fan.id)
    await show.says_muted(True)
    told = await show.at_fan.expect("muted_by")
    assert told["by"] == {"id": show.host.id, "name": "지민"}
    assert media.muted == {show.peer}
    await show.at_host.send("mute_person", person=show.fan.id)  # already: nothing happens
    assert not [x for x in await show.at_fan.all_until_pong() if x["type"] == "muted_by"]
    await show.at_fan.send("stage_mute", muted=False)
    await show.says_muted(False)
    assert media.muted == set()


async def test_a_guests_new_connection_is_not_muted(show: Show) -> None:
    await show.invite()
    await show.accept()
    await show.at_fan.send("stage_mute", muted=True)
    await show.says_muted(True)
    await show.house.media.answer(RoomKey(show.room), show.peer, "guest", "v=0")
    await show.says_muted(False)


async def test_an_invitation_is_declined_or_taken_back(show: Show) -> None:
    await show.invite()
    await show.at_fan.send("stage_answer", accept=False)
    await show.told()
    await show.invite()
    await show.at_host.send("stage_end", person=show.fan.id)
    await show.told()
    assert await show.at_fan.refused("stage_answer", accept=True) == "stage.not_invited"


async def test_only_the_host_invites_and_only_those_with_a_name(show: Show) -> None:
    other = await show.house.guest("바다")
    await show.house.enter(other, show.room)
    viewer = await show.house.enter(None, show.room)
    nobody = viewer.heard[-1]["you"]["id"]
    assert await show.at_fan.refused("stage_invite", person=other.id) == "room.not_host"
    assert await show.at_fan.refused("stage_end", person=other.id) == "room.not_host"
    for someone in (nobody, show.host.id, "g_gone"):
        assert await show.at_host.refused("stage_invite", person=someone) == "room.unknown_person"


async def test_three_are_all(show: Show) -> None:
    for name in ("가", "나", "다"):
        guest = await show.house.guest(name)
        await show.house.enter(guest, show.room)
        await show.at_host.ask("stage_invite", "stage", person=guest.id)
    assert await show.at_host.refused("stage_invite", person=show.fan.id) == "stage.full"


async def test_a_map_has_no_stage(table: Any) -> None:
    guest, at_guest = await table.sit()
    assert await table.at_host.refused("stage_invite", person=guest.id) == "room.not_a_live"
    assert await at_guest.refused("stage_answer", accept=True) == "room.not_a_live"


@pytest.mark.parametrize("way", ["leave", "ban"])
async def test_who_leaves_the_room_leaves_the_stage(show: Show, way: str) -> None:
    await show.invite()
    await show.accept()
    if way == "leave":
        await show.at_fan.send("leave")
    else:
        await show.at_host.send("ban", person=show.fan.id)
    while (await show.at_host.expect("stage"))["stage"]["guests"]:
        pass
    await show.house.hub.settle()
    assert show.house.media.peers == {}


async def test_a_lost_connection_is_waited_for(show: Show) -> None:
    await show.invite()
    await show.accept()
    await show.at_fan.drop()
    again = await show.house.enter(show.fan, show.room)
    await show.house.pass_time(16)
    assert again.heard[-1]["stage"]["guests"][0]["state"] == "accepted"
    await show.at_host.all_until_pong()  # it is there, and not silent
    await again.drop()
    await show.house.until(lambda: len(show.house.hub.delivery.clients()) == 1)
    await show.house.pass_time(16)
    while (await show.at_host.expect("stage"))["stage"]["guests"]:
        pass


async def test_layers_are_for_whoever_sends_them(show: Show) -> None:
    room = RoomKey(show.room)
    show.house.media.tell(LayersWanted(room, show.peer, ("l",)))
    show.house.media.tell(LayersWanted(room, PeerKey(f"{show.host.id}:publish"), ("l", "m")))
    assert (await show.at_fan.expect("layers"))["rids"] == ["l"]
    assert (await show.at_host.expect("layers"))["rids"] == ["l", "m"]


async def test_a_room_that_opens_again_knows_who_is_seen(show: Show) -> None:
    await show.invite()
    await show.at_fan.send("stage_answer", accept=True)
    await show.told("accepted")
    show.house.media.places[RoomKey(show.room)] = (show.peer, None, None)
    del show.house.hub.rooms._rooms[show.room]
    stage = (await (await show.house.connect()).join(show.room))["stage"]
    assert stage["places"] == [show.fan.id, None, None]
    assert [each["state"] for each in stage["guests"]] == ["accepted"]
