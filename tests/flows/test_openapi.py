"""The OpenAPI document against the server: schemathesis sends what it allows and what it forbids to
every operation, and checks each answer against it."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = 5
"""Random requests for each operation, beside the hundreds that cover its document."""

ENDS_THE_SESSION = ("/api/session", "/api/me", "/api/me/password")
POST = {
    "place": {"name": "신당동 떡볶이", "at": [37.56, 127.0]},
    "category": "분식",
    "visibility": "public",
    "menus": [{"name": "떡볶이"}],
}
CONFIG = """
continue-on-failure = true
seed = 1
warnings = false

[auth.openapi]
session = {{ api_key = "{session}" }}
ticket = {{ bearer = "{ticket}" }}

[generation]
max-examples = {examples}
deterministic = true

[phases]
stateful = {{ enabled = false }}

[checks.positive_data_acceptance]
# Rules that no schema can say are told by 422: one main menu, each name once, a day that has begun.
# 400 is an SDP offer that is none; 410 what has ended; 415 no picture inside.
# 412 and 428 are about If-Match of an ICE session that only its owner knows.
expected-statuses = [
  "2xx", "3xx", "400", "401", "403", "404", "409", "410", "412", "415", "422", "428", "503"
]

{operations}
"""
OPERATION = """
[[operations]]
include-path-regex = "^{path}"
parameters = {{ id = "{id}" }}
"""


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
async def test_the_server_does_what_its_document_says(
    engine: str, server: Callable[..., Any], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    settings = {"WAGU_RATE_LIMITS": "off"}
    if engine == "postgresql":
        settings["WAGU_DATABASE_URL"] = request.getfixturevalue("postgres_url")
    here = server(**settings)
    async with aiohttp.ClientSession(here.url, cookie_jar=aiohttp.CookieJar(unsafe=True)) as client:
        session = await sign_up(client, "schema")
        ids, ticket = await furnish(client)
    config = CONFIG.format(
        session=session,
        ticket=ticket,
        examples=EXAMPLES,
        operations="".join(OPERATION.format(path=path, id=found) for path, found in ids.items()),
    )
    (tmp_path / "schemathesis.toml").write_text(config, encoding="utf-8")
    others = [word for path in ENDS_THE_SESSION for word in ("--exclude-path", path)]
    await run(here.url, tmp_path, *others)


async def test_also_where_it_ends_sessions(server: Callable[..., Any], tmp_path: Path) -> None:
    here = server(WAGU_RATE_LIMITS="off")
    async with aiohttp.ClientSession(here.url, cookie_jar=aiohttp.CookieJar(unsafe=True)) as client:
        session = await sign_up(client, "schema")
    config = CONFIG.format(session=session, ticket="x", examples=EXAMPLES, operations="")
    (tmp_path / "schemathesis.toml").write_text(config, encoding="utf-8")
    # After a log-out the session is good for nothing: that it is refused then is no failure.
    these = [word for path in ENDS_THE_SESSION for word in ("--include-path", path)]
    await run(here.url, tmp_path, *these, "--exclude-checks", "ignored_auth")


async def sign_up(client: aiohttp.ClientSession, username: str) -> str:
    body = {"username": username, "password": "correct horse", "name": username}
    async with client.post("/api/members", json=body) as answer:
        assert answer.status == 201
        return answer.cookies["wagu_session"].value


async def furnish(client: aiohttp.ClientSession) -> tuple[dict[str, str], str]:
    """Something of everything, by the beginning of its paths; and a ticket to a live."""

    async def make(path: str, body: Any, noun: str) -> Any:
        async with client.post(path, json=body) as answer:
            made = await answer.json()
            assert answer.status == 201, made
            return made[noun] if noun else made

    post = await make("/api/posts", POST, "post")
    live = await make("/api/lives", {"title": "x"}, "live")
    shared = await make("/api/share-maps", {}, "share_map")
    ticket = await make(f"/api/lives/{live['id']}/tickets", {"role": "watch"}, "")
    ids = {
        "/api/posts/": str(post["id"]),
        "/api/places/": str(post["place"]["id"]),
        "/api/lives/": live["id"],
        "/api/share-maps/": shared["id"],
    }
    return ids, ticket["token"]


async def run(url: str, folder: Path, *options: str) -> None:
    command = [str(Path(sys.executable).parent / "st"), "--config-file", "schemathesis.toml", "run"]
    command += [f"{url}/api/openapi.json", "--checks", "all", "--no-color", *options]

    def wait() -> subprocess.CompletedProcess[str]:
        environment = {"SCHEMATHESIS_HOOKS": "tests.clients.schema_hooks", "PYTHONPATH": str(ROOT)}
        return subprocess.run(
            command, cwd=folder, env=environment, check=False, capture_output=True, text=True
        )

    done = await asyncio.to_thread(wait)
    if done.returncode:
        pytest.fail(f"{done.stdout}\n{done.stderr}"[-20_000:], pytrace=False)
    print(done.stdout)
