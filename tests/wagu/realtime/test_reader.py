"""What is dealt with where it comes in, and what goes on to aiohttp: each once, and in order."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wagu.realtime.reader import Reader

TEXT, BINARY, CLOSE, PING = 1, 2, 8, 9
MASK = bytes.fromhex("37fa213d")


def frame(text: bytes, opcode: int = TEXT, *, fin: bool = True, mask: bytes = MASK) -> bytes:
    """A client's, masked byte by byte (RFC 6455, 5.3); without a mask it is no client's."""
    size = len(text)
    if size < 126:
        length = bytes([size])
    elif size < 1 << 16:
        length = bytes([126]) + size.to_bytes(2)
    else:
        length = bytes([127]) + size.to_bytes(8)
    first = bytes([fin << 7 | opcode, length[0] | (0x80 if mask else 0)])
    masked = bytes(byte ^ mask[n % 4] for n, byte in enumerate(text)) if mask else text
    return first + length[1:] + mask + masked


class Behind(asyncio.Protocol):
    """Stands for aiohttp: keeps what it gets."""

    def __init__(self) -> None:
        self.data = b""

    def data_received(self, data: bytes) -> None:
        assert data
        self.data += data


class Ear:
    """A reader that takes at once what begins with `a`."""

    def __init__(self) -> None:
        self.behind = Behind()
        self.taken: list[bytes] = []
        self.reader = Reader(self.behind, self._take, lambda: None)

    def _take(self, text: bytes) -> bool:
        if not text.startswith(b"a"):
            return False
        self.taken.append(text)
        return True

    def hear(self, *chunks: bytes) -> None:
        for chunk in chunks:
            self.reader.data_received(chunk)


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 124, 125])
def test_a_short_message_is_taken_at_once(size: int) -> None:
    ear = Ear()
    ear.hear(frame(b"a" * size))
    assert (ear.taken, ear.behind.data) == ([b"a" * size], b"")


def test_several_that_came_together() -> None:
    ear = Ear()
    ear.hear(frame(b"a1") + frame(b"a2", mask=bytes(4)) + frame(b"a3", mask=b"\xff\0\xff\0"))
    assert (ear.taken, ear.behind.data) == ([b"a1", b"a2", b"a3"], b"")


@pytest.mark.parametrize(
    "other",
    [
        frame(b"b"),
        frame(b"", TEXT),
        frame(b"a" * 126),
        frame(b"a" * 70_000),
        frame(b"a", BINARY),
        frame(b"a", PING),
        frame(b"a", mask=b""),
        frame(b"a", fin=False) + frame(b"", 0),
        frame(b"a", TEXT | 0x40),  # a reserved bit
        frame(b"a", 0),
        frame(b"\x03\xe8", CLOSE),
    ],
    ids=lambda data: data[:2].hex(),
)
def test_what_is_not_short_masked_text_goes_on(other: bytes) -> None:
    ear = Ear()
    ear.hear(other)
    assert (ear.taken, ear.behind.data) == ([], other)


def test_nothing_overtakes_what_is_not_handled_yet() -> None:
    ear = Ear()
    ear.hear(frame(b"a1") + frame(b"b2") + frame(b"a3"), frame(b"a4"))
    assert (ear.taken, ear.behind.data) == ([b"a1"], frame(b"b2") + frame(b"a3") + frame(b"a4"))
    for _ in range(2):
        ear.reader.handled()
        ear.hear(frame(b"a5"))
        ear.reader.handled()
    ear.reader.handled()
    ear.hear(frame(b"a6"))
    assert ear.taken == [b"a1", b"a6"]


def test_nothing_is_taken_between_the_parts_of_a_message() -> None:
    ear = Ear()
    parts = [frame(b"b", fin=False), frame(b"?", PING), frame(b"a", 0, fin=False)]
    ear.hear(*parts)
    ear.reader.handled()  # the ping
    ear.hear(frame(b"a1"))  # a breach that aiohttp is to see
    assert (ear.taken, ear.behind.data) == ([], b"".join(parts) + frame(b"a1"))


def test_a_message_that_comes_in_two_reads() -> None:
    """Of a single byte nothing is known, so it waits; what has begun at aiohttp ends there."""
    ear = Ear()
    whole = frame(b"a1")
    ear.hear(whole[:1], whole[1:])
    assert (ear.taken, ear.behind.data) == ([b"a1"], b"")
    for cut in range(2, len(whole)):
        ear.hear(whole[:cut], whole[cut:])
        ear.reader.handled()
    assert (ear.taken, ear.behind.data) == ([b"a1"], whole * (len(whole) - 2))


MESSAGES = st.sampled_from(
    [
        [frame(b"a")],
        [frame(b"a" * 125)],
        [frame(b"b")],
        [frame(b"")],
        [frame(b"c" * 300)],
        [frame(b"a" * 70_000)],
        [frame(b"?", PING)],
        [frame(b"a", fin=False) + frame(b"?", PING), frame(b"b", 0)],
    ]
)
"""Each list is cut where a message ends: the ping inside of another one does so first."""


@given(st.lists(MESSAGES, max_size=8), st.lists(st.integers(1, 200), max_size=20), st.data())
def test_however_it_is_cut_nothing_is_lost_or_out_of_order(
    sent: list[list[bytes]], cuts: list[int], data: st.DataObject
) -> None:
    pieces = [piece for message in sent for piece in message]
    ends = [len(b"".join(pieces[: n + 1])) for n in range(len(pieces))]
    stream, seen, handled = b"".join(pieces), bytearray(), 0

    def whole() -> int:
        return sum(end <= len(seen) for end in ends)

    def take(text: bytes) -> bool:
        nonlocal handled
        if not text.startswith(b"a"):
            return False
        assert handled == whole()
        assert len(seen) in (0, *ends)
        seen.extend(frame(text))
        handled += 1
        return True

    behind = Behind()
    behind.data_received = seen.extend  # type: ignore[method-assign]  # it only notes
    reader, rest = Reader(behind, take, lambda: None), stream
    for size in [*cuts, len(stream)]:
        chunk, rest = rest[:size], rest[size:]
        if chunk:
            reader.data_received(chunk)
        for _ in range(data.draw(st.integers(0, whole() - handled))):
            handled += 1
            reader.handled()
    assert bytes(seen) == stream


# -------------------------------------------------------------------------------- over real sockets


async def test_looks_keep_their_place_among_other_messages(table: Any) -> None:
    """In one write: the newest look counts, and whoever has left looks no more."""
    guest, at_guest = await table.sit()
    say_all(
        at_guest,
        {"type": "look", "at": [1, 1]},
        {"type": "chat", "text": "봤어?"},
        {"type": "look", "at": [2, 2]},
    )
    while (await table.at_host.expect("presence"))["people"][guest.id]["at"] != [2, 2]:
        pass
    say_all(at_guest, {"type": "leave"}, {"type": "look", "at": [3, 3], "n": 3})
    assert (await at_guest.expect("error"))["code"] == "room.not_joined"
    assert [each["type"] for each in at_guest.heard].count("chatted") == 1
    await table.at_host.expect("gone")
    assert (await table.at_host.join(table.room))["presence"] == {}


async def test_a_look_waits_for_who_is_still_coming_in(table: Any) -> None:
    guest = await table.house.guest()
    talker = await table.house.connect(guest)
    say_all(talker, {"type": "join", "room": table.room}, {"type": "look", "at": [1, 1]})
    presence = await talker.expect("presence")
    assert presence["people"] == {guest.id: {"at": [1, 1], "view": None}}
    assert [each["type"] for each in talker.heard] == ["joined", "presence"]


@pytest.mark.parametrize(
    "text",
    [
        '{"type": "look", "at": [1, 1]}',
        '{"type": "look", "at": [1, 1], "where": "을지로"}',
        '{"at": [1, 1], "type": "look", "n": 5}',
        '{"type": "look", "at": [1, 1]' + " " * 200 + "}",
    ],
    ids=["short", "not ascii", "turned round", "long"],
)
@pytest.mark.parametrize("parts", [1, 2])
async def test_a_look_is_a_look_however_it_comes(table: Any, text: str, parts: int) -> None:
    payload = text.encode()
    half = len(payload) // parts
    data = frame(payload[:half], fin=parts == 1)
    say(table.at_host, data if parts == 1 else data + frame(payload[half:], 0))
    assert (await table.at_host.expect("presence"))["people"][table.host.id]["at"] == [1, 1]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"type": "look", "at": [91, 1]}', "message.malformed"),
        ('{"type": "look", "at": [1, 1]', "message.malformed"),
        ('{"at": [1, 1]}', "message.malformed"),
    ],
)
async def test_a_bad_look_is_answered(table: Any, text: str, code: str) -> None:
    say(table.at_host, frame(text.encode()))
    assert (await table.at_host.hear())["code"] == code


async def test_a_look_that_is_no_utf_8_fails_the_connection(table: Any) -> None:
    say(table.at_host, frame(b'{"type": "look", "at": [1, 1], "where": "\xff"}'))
    assert await table.at_host.closed() == 1007


async def test_who_only_looks_is_not_silent(table: Any) -> None:
    ws = table.at_host.ws
    for step in range(4):
        await table.house.pass_time(15)
        await table.at_host.ask("look", "presence", at=[1, step])
    assert not ws.closed


async def test_looks_and_other_messages_share_one_bucket(table: Any) -> None:
    frozen = table.house.monotonic()
    table.house.monotonic._read = lambda: frozen  # nothing flows into it
    say_all(table.at_host, *[{"type": "look", "at": [1, n / 1000]} for n in range(98)])
    await table.at_host.ask("ping", "pong")  # the join was the first of a hundred
    say_all(table.at_host, *[{"type": "look", "at": [2, n]} for n in range(2)])
    assert (await table.at_host.expect("error"))["code"] == "rate.limited"


def say_all(talker: Any, *messages: object) -> None:
    say(talker, b"".join(frame(json.dumps(each).encode()) for each in messages))


def say(talker: Any, data: bytes) -> None:
    """These bytes, in one write."""
    talker.ws._response.connection.transport.write(data)
