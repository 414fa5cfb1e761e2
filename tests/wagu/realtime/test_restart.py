"""A server that comes back: whoever rejoins finds the room as it was."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest


@pytest.mark.parametrize("kind", ["memory", "redis"])
async def test_a_room_outlives_the_server(
    make_house: Any, tmp_path: Path, kind: str, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("redis_url") if kind == "redis" else None
    async with make_house(tmp_path, url) as house:
        host, guest = await house.member("지민"), await house.guest("하늘")
        room = f"map/{(await house.share_map(host, '금요일')).id}"
        at_host, at_guest = await house.enter(host, room), await house.enter(guest, room)
        await at_guest.ask("chat", "chatted", text="여기 어때?", nonce="k")
        await at_guest.ask("nominate", "ballot", name="을지면옥", at=[37.5, 127.0])
        await at_guest.ask("vote", "votes", nominee="n-1", on=True)
        await at_host.ask("done", "ballot", on=True)
        before = await at_guest.join(room)

    async with make_house(tmp_path, url) as house:
        after = (await house.enter(guest, room)).heard[-1]
        assert after["mine"] == ["n-1"]
        for same in ("you", "title", "chat", "ballot", "mine", "room"):
            assert after[same] == before[same], same
        assert [each["id"] for each in after["people"]] == [guest.id]
        at_host = await house.enter(host, room)
        again = await at_host.ask("chat", "chatted", text="여기 어때?", nonce="k")
        assert again["chat"]["id"] == "c-2"  # the nonce is the guest's, not the host's


async def test_a_resend_after_the_restart_is_still_one_line(
    make_house: Any, tmp_path: Path
) -> None:
    async with make_house(tmp_path) as house:
        host = await house.member()
        room = f"map/{(await house.share_map(host)).id}"
        await (await house.enter(host, room)).ask("chat", "chatted", text="하나", nonce="k")
    async with make_house(tmp_path) as house:
        talker = await house.enter(host, room)
        again = await talker.ask("chat", "chatted", text="하나", nonce="k")
        assert again["chat"]["id"] == "c-1"
        assert len((await talker.join(room))["chat"]) == 1


def as_killed(folder: Path) -> Path:
    """What `kill -9` would leave now, in a folder of its own."""
    return shutil.copytree(folder, folder.parent / "killed", copy_function=shutil.copy)


async def test_a_restart_closes_no_ballot_before_the_others_are_back(
    make_house: Any, tmp_path: Path
) -> None:
    folder = tmp_path / "before"
    folder.mkdir()
    async with make_house(folder) as house:
        host, guests = await house.member(), [await house.guest() for _ in range(2)]
        room = f"map/{(await house.share_map(host)).id}"
        at_host, at_guest = [await house.enter(each, room) for each in (host, guests[0])]
        await house.enter(guests[1], room)
        await at_guest.ask("nominate", "ballot", name="을지면옥", at=[37.5, 127.0])
        await at_host.send("done", on=True)
        await at_host.ballot(lambda each: each["done"] == [host.id])
        killed = as_killed(folder)

    async with make_house(killed) as house:
        at_host = await house.enter(host, room)
        await house.pass_time(0)
        await house.pass_time(14)
        await at_host.send("done", on=True)
        assert (await at_host.join(room))["ballot"]["phase"] == "open"
        at_guests = [await house.enter(each, room) for each in guests]
        await house.pass_time(20)
        for talker in at_guests:
            assert (await talker.join(room))["ballot"]["phase"] == "open"
            await talker.ask("vote", "votes", nominee="n-1", on=True)
            await talker.send("done", on=True)
        closed = await at_host.ballot(lambda each: each["phase"] == "closed")
        assert closed["result"]["counts"] == {"n-1": 2}


async def test_who_comes_back_alone_is_not_waited_for_forever(
    make_house: Any, tmp_path: Path
) -> None:
    async with make_house(tmp_path) as house:
        host, guest = await house.member(), await house.guest()
        room = f"map/{(await house.share_map(host)).id}"
        at_host, _ = [await house.enter(each, room) for each in (host, guest)]
        await at_host.ask("nominate", "ballot", name="을지면옥", at=[37.5, 127.0])
        await at_host.ask("done", "ballot", on=True)
    async with make_house(tmp_path) as house:
        at_host = await house.enter(host, room)
        await house.pass_time(0)
        await house.pass_time(15)
        await at_host.ballot(lambda each: each["phase"] == "closed")
