"""SQLite and PostgreSQL alike: a test marked `sql` runs on both, any other on SQLite.

engine         "sqlite" or "postgresql"
database_url   of a database for this test, at the newest revision already
queries        counts SQL statements: `with queries() as sent: …; assert len(sent) == 2`
s3_bucket      an empty bucket in an S3 of this test worker; s3_settings: what names it
"""

from __future__ import annotations

import asyncio
import secrets
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from tests.conftest import find_free_port
from tests.server import end, wait_until
from wagu.db.engine import Database
from wagu.objects import Place

ENGINES = ("sqlite", "postgresql")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    marked = metafunc.definition.get_closest_marker("sql")
    if marked is not None and "engine" in metafunc.fixturenames:
        metafunc.parametrize("engine", ENGINES, indirect=True)


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> str:
    return str(getattr(request, "param", "sqlite"))


@pytest.fixture
def database_url(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    if engine == "postgresql":
        return str(request.getfixturevalue("postgres_url"))
    path = tmp_path / "below" / "wagu.db"
    path.parent.mkdir()
    shutil.copy(request.getfixturevalue("sqlite_at_head"), path)
    return f"sqlite+aiosqlite:///{path}"


@pytest.fixture(scope="session")
def sqlite_at_head(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database at the newest revision, to copy: migrating each one anew takes longer than
    most tests."""
    path = tmp_path_factory.mktemp("sqlite") / "wagu.db"

    async def migrate() -> None:
        database = Database(f"sqlite+aiosqlite:///{path}")
        await database.start()
        await database.close()

    asyncio.run(migrate())
    return path


def _is_sweeper() -> bool:
    """Whether this is said by the sweepers that the application starts, at a time of their own."""
    task = asyncio.current_task()
    return task is not None and "sweep" in str(getattr(task.get_coro(), "__qualname__", ""))


@pytest.fixture
def queries() -> Callable[[], AbstractContextManager[list[str]]]:
    """The statements that any engine of this process sends meanwhile."""

    @contextmanager
    def counted() -> Iterator[list[str]]:
        sent: list[str] = []

        def record(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if not statement.startswith("BEGIN") and not _is_sweeper():
                sent.append(statement)

        event.listen(Engine, "before_cursor_execute", record)
        try:
            yield sent
        finally:
            event.remove(Engine, "before_cursor_execute", record)

    return counted


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of moto's S3, which lives as long as this test worker."""
    address = f"http://127.0.0.1:{find_free_port()}"
    command = [sys.executable, "-m", "moto.server", "-p", address.rpartition(":")[2]]
    with (tmp_path_factory.mktemp("s3") / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        wait_until(lambda: _answers(address), 20, "moto answers")
        yield address
    finally:
        end(process)


@pytest.fixture
def s3_bucket(s3_server: str, tmp_path: Path) -> Place:
    name = f"meals-{secrets.token_hex(4)}"
    with urllib.request.urlopen(
        urllib.request.Request(f"{s3_server}/{name}", method="PUT")
    ) as made:
        assert made.status == 200
    return Place(tmp_path, f"s3://{name}/wagu", s3_server, "us-east-1", "key", "secret")


@pytest.fixture
def s3_settings(s3_bucket: Place) -> dict[str, str | None]:
    return {
        "objects_url": s3_bucket.url,
        "objects_endpoint": s3_bucket.endpoint,
        "objects_region": s3_bucket.region,
        "objects_key": s3_bucket.key,
        "objects_secret": s3_bucket.secret,
    }


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2):
            return True
    except OSError:
        return False
