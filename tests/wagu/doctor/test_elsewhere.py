"""A media server elsewhere, as the doctor finds it."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from tests.fakes import livekit, openvidu2
from tests.fakes.media_server import FakeServer, serving
from wagu.doctor import elsewhere
from wagu.doctor.examination import examine
from wagu.doctor.finding import Finding, Level
from wagu.settings import Settings

Only = Callable[[list[Finding], Level], str]
CASES = [
    (livekit.FakeLiveKit, "livekit", livekit.SECRET),
    (openvidu2.FakeOpenVidu2, "openvidu2", openvidu2.SECRET),
]


@pytest.mark.parametrize(("kind", "name", "secret"), CASES)
async def test_it_answers_refuses_our_key_or_is_not_there(
    free_port: Callable[[], int],
    only: Only,
    kind: Callable[..., FakeServer],
    name: str,
    secret: str,
) -> None:
    fake = kind(free_port(), time.time)
    settings = Settings(media=name, media_url=fake.url, media_key=livekit.KEY, media_secret=secret)
    where = f"{name} at {fake.url}"
    assert only(await elsewhere.check(settings), Level.PROBLEM) == f"{where} does not answer"
    async with serving(fake):
        text = only(await elsewhere.check(settings), Level.OK)
        assert text == f"{where} answers: 0 rooms of ours"
        wrong = settings.model_copy(update={"media_secret": "x" * 40})
        assert only(await elsewhere.check(wrong), Level.PROBLEM) == f"{where} refuses our key"


async def test_ports_of_our_own_media_are_not_looked_at_then(
    monkeypatch: pytest.MonkeyPatch, tmp_path, free_port: Callable[[], int]
) -> None:
    for variable, value in {
        "DATA_DIR": str(tmp_path),
        "PORT": str(free_port()),
        "MEDIA": "openvidu2",
        "MEDIA_URL": f"http://127.0.0.1:{free_port()}",
        "MEDIA_SECRET": "x",
    }.items():
        monkeypatch.setenv(f"WAGU_{variable}", value)
    checks = {finding.check async for finding in examine([])}
    assert "media" in checks
    assert not checks & {"udp", "tcp", "addresses", "buffers", "turn"}
