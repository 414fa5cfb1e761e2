"""SQLite and PostgreSQL alike: a test marked `sql` runs on both, any other on SQLite.

engine         "sqlite" or "postgresql"
database_url   of a database for this test, at the newest revision already
queries        counts SQL statements: `with queries() as sent: …; assert len(sent) == 2`
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from wagu.db.engine import Database

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
