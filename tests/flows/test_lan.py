"""A server that speaks https itself, met by clients that trust its certificate and nothing else."""

from __future__ import annotations

import asyncio
import json
import ssl
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp

from tests.certificate import make_certificate
from tests.clients.guest import Guest
from tests.clients.waiting import PATIENCE
from tests.conftest import ROOT


def trusting(certificate: Path) -> aiohttp.TCPConnector:
    return aiohttp.TCPConnector(ssl=ssl.create_default_context(cafile=str(certificate)))


async def test_a_guest_by_https_while_media_and_this_machine_go_on(
    server: Callable[..., Any],
) -> None:
    here = await asyncio.to_thread(server, WAGU_TLS="self-signed")
    secure = f"https://127.0.0.1:{here.port}"
    guest = Guest(secure, "하늘", trusting(here.data_dir / "tls" / "self-signed.pem"))
    async with guest.http.get(secure) as page:
        assert page.status == 200
    await guest.become_member()
    (cookie,) = guest.http.cookie_jar
    assert cookie["secure"]
    assert (await guest.join(await guest.create_share_map()))["type"] == "joined"
    async with guest.http.get(f"{here.url}/livez") as plain:
        assert plain.status == 200
    findings = await asyncio.to_thread(diagnose, here)
    assert {name: level for name, level in findings if name in ("http", "udp", "tcp")} == {
        "http": "ok",
        "udp": "ok",
        "tcp": "ok",
    }, findings
    other = await guest.http.ws_connect(f"{secure}/ws")
    stopping = asyncio.create_task(asyncio.to_thread(here.interrupt))
    async with asyncio.timeout(PATIENCE):
        # The message itself: whoever answers it when TLS is over already counts as cut off.
        goodbye = await other.receive()
    assert (goodbye.type, goodbye.data) == (aiohttp.WSMsgType.CLOSE, 1001)
    await guest.hear_close()
    assert await stopping < 3.0
    assert here.process.returncode == 0
    assert "Traceback" not in here.log
    await guest.close()


def diagnose(here: Any) -> list[tuple[str, str]]:
    said = subprocess.run(
        [sys.executable, "-m", "wagu", "doctor", "--json"],
        cwd=ROOT,
        env=here.environment,
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    return [(each["check"], each["level"]) for each in json.loads(said)["findings"]]


async def test_a_certificate_of_ones_own(server: Callable[..., Any], tmp_path: Path) -> None:
    given = make_certificate(tmp_path)
    files = {"WAGU_TLS_CERT": str(given.certificate), "WAGU_TLS_KEY": str(given.key)}
    here = await asyncio.to_thread(server, **files)
    async with (
        aiohttp.ClientSession(connector=trusting(given.certificate)) as http,
        http.get(f"https://127.0.0.1:{here.port}/livez") as answer,
    ):
        assert await answer.json() == {"alive": True}
    assert not (here.data_dir / "tls").exists()
