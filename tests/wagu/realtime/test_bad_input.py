"""The table at the end of PROTOCOL.md, row by row, and what must survive all of it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from aiohttp import WSMsgType
from hypothesis import given
from hypothesis import strategies as st

from wagu.realtime import messages as m


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "hello",
        "[]",
        "null",
        "12",
        '"ping"',
        "{}",
        '{"type": "fly"}',
        '{"type": 1}',
        '{"type": null}',
        '{"type": "joined"}',  # ours, not a client's
        '{"type": "ping"',
        '{"type": "ping"} {"type": "ping"}',
        '{"type": "ping", "n": "1"}',
        '{"type": "ping", "n": 1.5}',
        '{"type": "ping", "n": 99999999999999999999}',
        '{"type": "join"}',
        '{"type": "join", "room": 1}',
        '{"type": "join", "room": "map"}',
        '{"type": "join", "room": "map/"}',
        '{"type": "join", "room": "cellar/AAAA"}',
        '{"type": "join", "room": "map/../live"}',
        '{"type": "join", "room": "map/AAAA\\n"}',
        '{"type": "chat"}',
        '{"type": "chat", "text": null}',
        '{"type": "chat", "text": "a", "nonce": ""}',
        '{"type": "chat", "text": "\\ud800"}',
        '{"type": "chat", "text": "a", "nonce": "' + "k" * 33 + '"}',
        '{"type": "look", "at": [37.5]}',
        '{"type": "look", "at": [37.5, 127, 1]}',
        '{"type": "look", "at": ["37.5", "127"]}',
        '{"type": "look", "at": [91, 0]}',
        '{"type": "look", "at": [NaN, 0]}',
        '{"type": "look", "at": [1e999, 0]}',
        '{"type": "look", "view": null}',
        '{"type": "look", "view": [37.5, 127]}',
        '{"type": "look", "view": [37.5, 127, -1]}',
        '{"type": "vote", "nominee": "n-1"}',
        '{"type": "vote", "nominee": "n-1", "on": 1}',
        '{"type": "done", "on": "yes"}',
        '{"type": "new_ballot"}',
        '{"type": "new_ballot", "keep": "n-1"}',
        '{"type": "new_ballot", "keep": [1]}',
        '{"type": "new_ballot", "keep": [' + ",".join(['"n"'] * 11) + "]}",
        '{"type": "nominate", "name": "a"}',
        '{"type": "nominate", "name": "a", "at": [37.5, 127], "place_id": true}',
        '{"type": "voice_offer"}',
        '{"type": "voice_mute", "muted": 0}',
        '{"type": "ping", "x": ' + "[" * 10_000 + "]" * 10_000 + "}",
    ],
)
async def test_malformed(table: Any, frame: str) -> None:
    talker = table.at_host
    await talker.ws.send_str(frame)
    error = await talker.hear()
    assert (error["type"], error["code"]) == ("error", "message.malformed")
    await talker.ask("chat", "chatted", text="still here")


async def test_a_malformed_message_is_answered_by_its_number(house: Any) -> None:
    talker = await house.connect()
    assert await talker.refused("fly") == "message.malformed"
    assert await talker.refused("vote", nominee=3) == "message.malformed"
    await talker.ws.send_str('{"type": "fly", "n": "x"}')
    assert "n" not in await talker.expect("error")


async def test_unknown_fields_are_ignored(house: Any) -> None:
    talker = await house.connect()
    await talker.ask("ping", "pong", mood="hungry", nested={"a": [1, {"b": None}]})


@given(st.text() | st.binary().map(lambda data: data.decode("latin-1")))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        m.decode(text)
    except m.Malformed:
        return


@given(
    st.sampled_from(sorted(m.types_of(m.FromClient))),
    st.dictionaries(
        st.sampled_from(
            ["room", "at", "view", "text", "nominee", "on", "keep", "sdp", "n", "name"]
        ),
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.floats()),
    ),
)
def test_no_fields_break_the_reader(type_: str, fields: dict[str, Any]) -> None:
    try:
        m.decode(json.dumps({"type": type_, **fields}))
    except m.Malformed:
        return


async def test_binary(house: Any) -> None:
    talker = await house.connect()
    await talker.ws.send_bytes(b'{"type": "ping"}')
    assert (await talker.hear())["code"] == "message.binary"
    await talker.ask("ping", "pong")


@pytest.mark.parametrize(("text", "characters"), [("x", 65_536), ("가", 21_845), ("😀", 16_384)])
async def test_64_kib_and_not_a_byte_more(house: Any, text: str, characters: int) -> None:
    """Counted in bytes, as they came."""
    talker = await house.connect()
    frame = json.dumps({"type": "ping", "pad": ""}, ensure_ascii=False)
    room = 65_536 - len(frame)
    pad = text * (room // len(text.encode()))
    pad += "x" * (room - len(pad.encode()))
    await talker.ws.send_str(frame.replace('""', f'"{pad}"'))
    assert (await talker.hear())["type"] == "pong"
    await talker.ws.send_str(frame.replace('""', f'"{pad}x"'))
    assert (await talker.hear())["code"] == "message.too_large"
    await talker.ask("ping", "pong")


async def test_over_1_mib_is_not_read(house: Any) -> None:
    talker = await house.connect()
    await talker.ws.send_str("x" * (1024 * 1024))
    assert (await talker.hear())["code"] == "message.too_large"
    await talker.ws.send_str("x" * (1024 * 1024 + 1))
    assert await talker.closed() == 1009


@pytest.mark.parametrize(
    "text",
    [
        b"\xff",
        b'{"type": "ping", "pad": "\xea\xb0"}',
        b'"\xc0\xaf"',
        b'"\xed\xa0\x80"',
        b"\xea\xb0",
    ],
    ids=["never", "cut short", "overlong", "surrogate", "ends too soon"],
)
async def test_text_that_is_no_utf_8(house: Any, text: bytes) -> None:
    """RFC 6455, 8.1: the connection fails; others do not notice."""
    other, talker = await house.connect(), await house.connect()
    await talker.ws.send_frame(text, WSMsgType.TEXT)
    assert await talker.closed() == 1007
    assert talker.heard == []
    await other.ask("ping", "pong")


async def test_what_needs_a_room(house: Any) -> None:
    talker = await house.connect(await house.guest())
    for type_, fields in (
        ("look", {}),
        ("chat", {"text": "a"}),
        ("nominate", {"name": "a", "at": [37.5, 127]}),
        ("withdraw", {"nominee": "n-1"}),
        ("vote", {"nominee": "n-1", "on": True}),
        ("done", {"on": True}),
        ("close_ballot", {}),
        ("new_ballot", {"keep": []}),
        ("voice_offer", {"sdp": ""}),
        ("voice_mute", {"muted": True}),
        ("voice_leave", {}),
    ):
        assert await talker.refused(type_, **fields) == "room.not_joined", type_
    await talker.send("leave")  # one may leave what one is not in
    assert await talker.all_until_pong() == []


async def test_too_fast(house: Any) -> None:
    talker = await house.connect()
    frozen = house.monotonic()
    house.monotonic._read = lambda: frozen  # no time passes, so nothing flows into the bucket
    (client,) = house.hub.delivery.clients()

    async def burst(pings: int, dropped: int) -> None:
        for _ in range(pings):
            await talker.send("ping")
        await house.until(lambda: len(client.flood._dropped) == dropped)

    await burst(300, dropped=200)
    house.monotonic.ahead += 0.5
    await burst(30, dropped=205)
    house.monotonic.ahead += 0.5
    await burst(30, dropped=210)
    house.monotonic.ahead += 1
    await talker.send("leave", n=1)
    await talker.ws.send_str("over")
    heard = []
    while (message := await talker.hear()).get("code") != "message.malformed":
        heard.append(message.get("code", message["type"]))
    # A hundred at once, fifty a second from then on, and one error a second.
    assert heard == [
        *["pong"] * 100,
        "rate.limited",
        *["pong"] * 25,
        *["pong"] * 25,
        "rate.limited",
    ]


async def test_a_flood_is_closed(house: Any, table: Any) -> None:
    _, at_guest = await table.sit()
    await table.at_host.expect("person")
    for _ in range(700):
        if at_guest.ws.closed:
            break
        await at_guest.send("look", at=[37.5, 127.0])
    assert await at_guest.closed() == 4029
    assert (await table.at_host.expect("person"))["person"]["away"] is True
    await table.at_host.ask("chat", "chatted", text="still here")


async def test_floods_of_every_kind_count(house: Any) -> None:
    talker = await house.connect()
    for _ in range(700):
        if talker.ws.closed:
            break
        await talker.ws.ping()
    assert await talker.closed() == 4029


async def test_a_ping_frame_is_answered(house: Any) -> None:
    talker = await house.connect()
    session = house.http
    async with session.ws_connect(house.server.make_url("/ws"), autoping=False) as ws:
        await ws.ping(b"hi")
        frame = await ws.receive(5)
        assert (frame.type, frame.data) == (WSMsgType.PONG, b"hi")
    await talker.ask("ping", "pong")
