"""The example of media/README.md, as it stands there: it runs, and media flows through it."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from aiohttp import ClientSession

from tests.clients.waiting import eventually
from tests.conftest import ROOT
from wagu.probe.connection import Connection
from wagu.probe.sources import TestPicture as Picture  # pytest takes it for a test
from wagu.probe.sources import Tone

README = ROOT / "media" / "README.md"
HTTP, MEDIA = "8188", "8189"
"""The ports of the example; tests beside this one want others."""
WITHIN = 60.0


def example() -> str:
    (found,) = re.findall(r"^```python\n(.*?)^```$", README.read_text("utf-8"), re.DOTALL | re.M)
    return str(found)


@pytest.fixture
async def url(free_port: Callable[[], int], tmp_path: Path) -> AsyncIterator[str]:
    port = free_port()
    program = tmp_path / "example.py"
    text = example()
    assert text.count(HTTP) == text.count(MEDIA) == 1
    program.write_text(text.replace(HTTP, str(port)).replace(MEDIA, str(free_port())))
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(program), cwd=ROOT, env={"PYTHONPATH": str(ROOT)}
    )
    made = f"http://127.0.0.1:{port}"

    async def answers() -> bool:
        assert process.returncode is None, "it ended"
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            return False
        writer.close()
        return True

    try:
        await eventually(answers, "the example listens", within=WITHIN)
        yield made
    finally:
        process.kill()
        await process.wait()


async def negotiate(url: str, path: str, peer: Connection) -> None:
    async with ClientSession() as http, http.post(url + path, data=await peer.offer()) as answer:
        assert answer.status == 201, await answer.text()
        assert answer.content_type == "application/sdp"
        sdp = await answer.text()
    await peer.accept(sdp)


def test_it_is_short() -> None:
    assert len([line for line in example().splitlines() if line]) <= 32


async def test_a_picture_goes_through_it(url: str) -> None:
    alice, bob = Connection(), Connection()
    try:
        alice.send(Tone())
        alice.send(Picture(320, 180, 10))
        await negotiate(url, "/dinner/alice/publish", alice)
        bob.expect("audio")
        bob.expect("video")
        await negotiate(url, "/dinner/bob/watch", bob)

        async def seen() -> bool:
            return bob.screen.read(0).frames >= 5

        await eventually(seen, "Bob sees Alice's picture", within=WITHIN)
        assert bob.screen.read(0).width == 320
        async with ClientSession() as http, http.post(f"{url}/dinner/eve/watch", data="x") as no:
            assert (no.status, bool(await no.text())) == (400, True)
    finally:
        await alice.close()
        await bob.close()
