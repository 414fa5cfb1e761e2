"""The line to the writing process is bounded, and its end is told."""

from __future__ import annotations

import sys

import pytest

from media.recording import process
from media.recording.process import WriterProcess
from media.recording.wire import HEAD, HeadWanted, Kind, Message, Reader, pack
from tests.clients.waiting import eventually


def test_messages_survive_any_cutting() -> None:
    data = pack(Kind.OPEN, 1, b"{}") + pack(Kind.KEYFRAME, 2, b"frame", stream=1, at=-5)
    reader = Reader()
    found = [message for byte in data for message in reader.feed(bytes([byte]))]
    assert found == [
        Message(Kind.OPEN, 1, 0, 0, b"{}"),
        Message(Kind.KEYFRAME, 2, 1, -5, b"frame"),
    ]


@pytest.mark.parametrize(("picture", "sound"), [("H264", "OPUS"), ("VP9", None), (None, "OPUS")])
def test_what_a_head_is_wanted_for(picture: str | None, sound: str | None) -> None:
    wanted = HeadWanted(picture, sound, b"\0\0\0\1\x67\0")
    assert HeadWanted.of(wanted.to_bytes()) == wanted


def test_what_is_no_message_is_refused() -> None:
    with pytest.raises(ValueError, match="longer"):
        list(Reader().feed(HEAD.pack(2**31, 1, 1, 0, 0)))
    with pytest.raises(ValueError, match="99"):
        list(Reader().feed(HEAD.pack(0, 99, 1, 0, 0)))


async def test_a_slow_process_gets_no_more_than_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "MAX_QUEUED", 100_000)
    sleeper = WriterProcess((sys.executable, "-c", "import time; time.sleep(60)"))
    told: list[Message | None] = []
    number = sleeper.begin(told.append)
    for _ in range(100):  # before it is there
        sleeper.send(Kind.FRAME, number, bytes(10_000))
    assert sleeper.queued <= 100_000 + 200
    await eventually(lambda: _true(sleeper.pid is not None and sleeper.queued == 0), "a process")
    taken = sum(sleeper.send(Kind.FRAME, number, bytes(10_000)) for _ in range(200))
    assert taken < 50
    assert sleeper.queued <= 110_000
    assert sleeper.send(Kind.CLOSE, number)
    await sleeper.close(within=0.1)
    assert told == [None]


async def test_a_process_that_died_is_started_anew() -> None:
    ended = WriterProcess((sys.executable, "-c", "pass"))
    told: list[Message | None] = []
    for expected in (1, 2):
        ended.send(Kind.OPEN, ended.begin(told.append), b"{}")

        async def ended_so_often(times: int = expected) -> bool:
            return len(told) == times

        await eventually(ended_so_often, "its end")
    assert told == [None, None]
    await ended.close()


async def _true(value: bool) -> bool:
    return value
