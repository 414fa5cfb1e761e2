"""What tests of every kind share: real servers on free ports, a real browser, and no silent skip.

redis_url      a redis-server of this test worker, emptied before each test that asks for it
postgres_url   an empty database at the newest revision, in a PostgreSQL of this test worker
free_port      makes port numbers that are free in TCP and in UDP
coturn         a TURN server on 127.0.0.1, and the settings that name it
stores         settings of servers that share empty ones of both
server         starts `python -m wagu serve` processes; their logs are shown when the test fails
chromium       keyword arguments for Playwright's `chromium.launch`; whole_chromium: with windows
firefox        the same for `firefox.launch`: the Firefox of the system, over WebDriver BiDi
test_results   the folder that keeps screenshots and other finds of a run

Where CI=true a skipped test fails the run: nothing may be left out for want of a tool.
"""

from __future__ import annotations

import contextlib
import gc
import os
import secrets
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest

from tests.browsers import CHROMIUM_ARGUMENTS, FIREFOX_PREFERENCES
from tests.postgres import Postgres, find_programs
from tests.redis_server import MakeRedis, OwnRedis
from tests.server import READY_WITHIN, Server, wait_until
from tests.turn import Coturn
from tests.zygote import Zygote

ROOT = Path(__file__).resolve().parent.parent
IN_CI = os.environ.get("CI") == "true"
LOG_SHOWN = 200  # lines of a server's log in the report of a failed test


def pytest_collection_finish() -> None:
    """Thousands of collected tests stay: the collector need not look through them every time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000)


# ---------------------------------------------------------------------------- ports and programs


def find_free_port() -> int:
    """A port of 127.0.0.1 that nobody has in TCP or in UDP, as one server wants both.

    Below what kernels hand out for port 0 (32768 and up), or another program may be given it before
    the server is there, and be taken for the server.
    """
    while True:
        port = 10_000 + secrets.randbelow(20_000)
        with (
            socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tcp,
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
            contextlib.suppress(OSError),
        ):
            tcp.bind(("127.0.0.1", port))
            udp.bind(("127.0.0.1", port))
            return port


def missing(what: str, package: str) -> NoReturn:
    """Leave a test out where a developer lacks a program; fail where nothing may be left out."""
    reason = f"{what} is not installed: apt-get install {package}"
    if IN_CI:
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)  # never in CI


@pytest.fixture
def free_port() -> Callable[[], int]:
    """Make port numbers that are free in TCP and UDP."""
    return find_free_port


@pytest.fixture(scope="session")
def test_results() -> Path:
    """The folder (git-ignored) for screenshots and whatever else a run wants to show."""
    folder = ROOT / "test-results"
    folder.mkdir(exist_ok=True)
    return folder


# ------------------------------------------------------------------------------------------ Redis


@pytest.fixture(scope="session")
def make_redis(tmp_path_factory: pytest.TempPathFactory) -> MakeRedis:
    program = shutil.which("redis-server") or missing("redis-server", "redis-server")

    def make(*, persists: bool = False) -> OwnRedis:
        folder = tmp_path_factory.mktemp("redis")
        return OwnRedis(program, find_free_port(), folder, persists=persists)

    return make


@pytest.fixture(scope="session")
def redis_server(make_redis: MakeRedis) -> Iterator[OwnRedis]:
    """A redis-server that lives as long as this test worker."""
    one = make_redis()
    one.start()
    yield one
    one.kill()


@pytest.fixture
def redis_url(redis_server: OwnRedis) -> str:
    """URL of an empty real Redis."""
    redis_server.empty()
    return redis_server.url


@pytest.fixture
def own_redis(make_redis: MakeRedis) -> Iterator[MakeRedis]:
    """Start one to kill: `own_redis()`, or one that persists: `own_redis(persists=True)`."""
    started: list[OwnRedis] = []

    def start(**how: bool) -> OwnRedis:
        started.append(make_redis(**how))
        started[-1].start()
        return started[-1]

    yield start
    for one in started:
        one.kill()


# ------------------------------------------------------------------------------------- PostgreSQL


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    """A server that lives as long as this test worker, with a template at the newest revision."""
    programs = find_programs() or missing("PostgreSQL", "postgresql")
    server = Postgres(programs)
    try:
        address = server.create("wagu_template")
        environment = os.environ | {"WAGU_DATABASE_URL": address}
        command = [sys.executable, "-m", "wagu", "migrate"]
        subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
        yield server
    finally:
        server.close()


@pytest.fixture
def empty_postgres_url(postgres_server: Postgres) -> Iterator[str]:
    """URL of a database without a table."""
    name = f"empty_{secrets.token_hex(6)}"
    yield postgres_server.create(name)
    postgres_server.drop(name)


@pytest.fixture
def postgres_url(postgres_server: Postgres) -> str:
    """URL of a database at the newest revision, with nothing in it."""
    return postgres_server.emptied("wagu_test", "wagu_template")


@pytest.fixture
def stores(redis_url: str, postgres_url: str) -> dict[str, str]:
    """Settings of servers that share a Redis and a PostgreSQL."""
    return {"WAGU_REDIS_URL": redis_url, "WAGU_DATABASE_URL": postgres_url}


# ------------------------------------------------------------------------------------------- TURN


@pytest.fixture
def coturn(tmp_path: Path) -> Iterator[Coturn]:
    """A real TURN server, with a secret."""
    program = shutil.which("turnserver") or missing("coturn", "coturn")
    made = Coturn(program, find_free_port(), tmp_path)
    made.start()
    try:
        wait_until(made.answers, READY_WITHIN, "coturn answers")
        yield made
    finally:
        made.close()


# ----------------------------------------------------------------------------------------- server


SERVERS = pytest.StashKey[list[Server]]()


@pytest.fixture(scope="session")
def zygote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Zygote]:
    """Of this test worker: it has imported what servers import."""
    made = Zygote(tmp_path_factory.mktemp("zygote"))
    yield made
    made.close()


@pytest.fixture
def server(
    request: pytest.FixtureRequest, tmp_path: Path, zygote: Zygote
) -> Iterator[Callable[..., Server]]:
    """Start a server: `server()`, or with settings: `server(WAGU_SIGNUP="closed")`."""
    started: list[Server] = []
    request.node.stash[SERVERS] = started

    def start(**settings: str) -> Server:
        folder = tmp_path / f"server-{len(started)}"
        folder.mkdir()
        one = Server(folder, find_free_port(), settings, zygote=zygote)
        started.append(one)  # first: a server that does not come up has the log worth reading
        one.start()
        return one

    yield start
    for one in started:
        one.stop()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    """Show the logs of a failed test's servers."""
    report = yield
    if report.failed:
        for one in item.stash.get(SERVERS, []):
            tail = "\n".join(one.log.splitlines()[-LOG_SHOWN:])
            report.sections.append((f"log of {one.url}", tail))
    return report


# ---------------------------------------------------------------------------------------- browser


def found(variable: str | None, *names: str) -> str:
    """The browser that `variable` names, or the first of `names` that is here."""
    named = os.environ.get(variable) if variable else None
    here = next(filter(None, map(shutil.which, names)), None)
    return named or here or missing(names[0], names[0])


@pytest.fixture(scope="session")
def chromium() -> dict[str, Any]:
    """Keyword arguments for Playwright's `chromium.launch`: fake devices, no calls home.

    The headless shell is the same engine without windows: a page in it takes a tenth of the
    processor time. WAGU_CHROMIUM names another one.
    """
    program = found("WAGU_CHROMIUM", "chromium-headless-shell")
    return {"executable_path": program, "args": list(CHROMIUM_ARGUMENTS)}


@pytest.fixture(scope="session")
def whole_chromium(chromium: dict[str, Any]) -> dict[str, Any]:
    """The same for the browser with windows, which alone can be told that http is secure."""
    return chromium | {"executable_path": found(None, "chromium", "chrome")}


@pytest.fixture(scope="session")
def firefox() -> dict[str, Any]:
    """Keyword arguments for Playwright's `firefox.launch`: fake devices, no calls home."""
    return {
        "channel": "moz-firefox",
        "executable_path": found("WAGU_FIREFOX", "firefox-esr", "firefox"),
        "firefox_user_prefs": dict(FIREFOX_PREFERENCES),
    }


# ------------------------------------------------------------------------------- no silent skips


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if IN_CI and terminalreporter.stats.get("skipped"):
        terminalreporter.write_line("CI: a skipped test fails the run", red=True)


def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter: Any = session.config.pluginmanager.get_plugin("terminalreporter")
    if IN_CI and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
