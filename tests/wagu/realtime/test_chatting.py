"""Chat over real sockets."""

from __future__ import annotations

from typing import Any

import pytest

from wagu.realtime.chat import chat_text


async def test_a_line_reaches_everyone_the_sender_too(table: Any) -> None:
    guest, at_guest = await table.sit()
    await at_guest.send("chat", text="  여기 어때?\n", nonce="k3f9")
    for talker in (at_guest, table.at_host):
        chatted = await talker.expect("chatted")
        at = chatted["chat"].pop("at")
        assert abs(at - table.house.clock() * 1000) < 5000
        assert chatted == {
            "type": "chatted",
            "chat": {
                "id": "c-1",
                "from": {"id": guest.id, "name": "하늘"},
                "text": "여기 어때?",
            },
            "nonce": "k3f9",
        }


async def test_a_resend_is_acknowledged_and_told_to_nobody(table: Any) -> None:
    _, at_guest = await table.sit()
    first = await at_guest.ask("chat", "chatted", text="하나", nonce="k")
    await table.at_host.expect("chatted")
    again = await at_guest.ask("chat", "chatted", text="하나", nonce="k")
    assert again == first
    assert await table.at_host.all_until_pong() == []
    assert len((await table.at_host.join(table.room))["chat"]) == 1


async def test_a_nonce_may_be_left_out(table: Any) -> None:
    await table.at_host.ask("chat", "chatted", text="하나")
    await table.at_host.ask("chat", "chatted", text="하나")
    assert len((await table.at_host.join(table.room))["chat"]) == 2


async def test_the_newest_200_lines_are_kept(table: Any) -> None:
    for number in range(205):
        table.house.monotonic.ahead += 0.1  # within the rate limit
        await table.at_host.ask("chat", "chatted", text=str(number))
    seen = (await table.at_host.join(table.room))["chat"]
    assert [line["text"] for line in seen] == [str(number) for number in range(5, 205)]
    await table.at_host.send("leave")
    await table.at_host.all_until_pong()
    await table.house.pass_time(0)  # the room is read anew from the store
    assert (await table.at_host.join(table.room))["chat"] == seen


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "chat.empty"), (" \n\t\x00 ", "chat.empty"), ("가" * 501, "chat.too_long")],
)
async def test_what_cannot_be_said(table: Any, text: str, code: str) -> None:
    assert await table.at_host.refused("chat", text=text) == code


async def test_500_characters_can(table: Any) -> None:
    said = await table.at_host.ask("chat", "chatted", text=" " + "가" * 500 + " ")
    assert len(said["chat"]["text"]) == 500


async def test_someone_without_a_session_may_watch_but_not_talk(table: Any) -> None:
    live = await table.house.live(table.host)
    viewer = await table.house.enter(None, f"live/{live.id}")
    assert await viewer.refused("chat", text="안녕") == "auth.required"


async def test_chat_wants_a_room(house: Any) -> None:
    talker = await house.connect(await house.guest())
    assert await talker.refused("chat", text="누구 없어요?") == "room.not_joined"


def test_inner_space_stays() -> None:
    assert chat_text("  a  b\n c ") == "a  b\n c"


def test_control_characters_do_not() -> None:
    assert chat_text("a\x00b\x1b[31mc\r\n\u200d\U0001f469") == "ab[31mc\n\u200d\U0001f469"
