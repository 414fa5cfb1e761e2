"""scripts/seed on a small scale, on both databases."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from wagu.db.engine import Database
from wagu.db.feed import Feed, Scope
from wagu.db.members import MemberRows
from wagu.db.schema import member, menu, metadata, photo, place, place_gram, post
from wagu.db.search import Search
from wagu.domain.person import MemberId
from wagu.images.photos import Photos
from wagu.images.sizes import Digest
from wagu.objects import Place
from wagu.web.passwords import Passwords

ROOT = Path(__file__).resolve().parents[2]
SMALL = ("--members", "30", "--places", "40", "--posts", "200")


def run_seed(data_dir: Path, url: str, *options: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"WAGU_DATA_DIR": str(data_dir), "WAGU_DATABASE_URL": url}
    command = [sys.executable, "scripts/seed", *SMALL, *options]
    return subprocess.run(
        command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True
    )


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{tmp_path}/wagu.db"


async def dump(url: str) -> dict[str, list[Any]]:
    """All rows, without the one thing that has salt in it."""
    db = Database(url.replace("sqlite:", "sqlite+aiosqlite:"))
    async with db.read() as connection:
        rows = {
            table.name: sorted(
                tuple(row) for row in await connection.execute(select(*_steady(table)))
            )
            for table in metadata.tables.values()
        }
    await db.close()
    return rows


def _steady(table: Any) -> list[Any]:
    return [column for column in table.c if column.name != "password_hash"]


async def test_it_fills_a_database_that_then_works(url: str, tmp_path: Path) -> None:
    done = run_seed(tmp_path, url, "--pictures", "2")
    assert done.returncode == 0, done.stderr
    assert "200 posts" in done.stderr
    db = Database(url.replace("sqlite:", "sqlite+aiosqlite:"))
    async with db.read() as connection:
        for table, count in ((member, 30), (place, 40), (post, 200)):
            found = await connection.execute(select(func.count()).select_from(table))
            assert found.scalar_one() == count
        digests = set((await connection.execute(select(photo.c.digest))).scalars())
        assert len(digests) == 2
        assert (await connection.execute(select(menu.c.id).limit(1))).first()
        assert (await connection.execute(select(place_gram.c.gram).limit(1))).first()
        name = (await connection.execute(select(place.c.name).where(place.c.id == 1))).scalar_one()
    photos = Photos.open(Place(tmp_path), tmp_path / "scratch")
    assert (await photos.rendition(Digest(digests.pop()), 256, "webp")).content
    found = await Search(db).places(name, box=None, limit=5, after=0)
    assert name in [one.name for one in found.places]
    page = await Feed(db).page(
        scope=Scope.EVERYONE, viewer=MemberId(1), category=None, after=None, limit=5
    )
    assert len(page.cards) == 5
    stored = await MemberRows(db).credentials("seed00001")
    assert stored is not None
    assert await Passwords().verify("wagu-seed", stored.password_hash)
    made = await MemberRows(db).create(username="next", name="다음", password_hash="x", now=1.0)
    assert made.id == 31, "ids go on after the seeded ones"
    await db.close()


async def test_the_same_each_time_and_only_once(tmp_path: Path, postgres_url: str) -> None:
    """And on both databases the same."""
    urls = [f"sqlite:///{tmp_path}/{name}.db" for name in "ab"] + [postgres_url]
    for url in urls:
        done = run_seed(tmp_path, url, "--pictures", "0")
        assert done.returncode == 0, done.stderr
    first, second, third = [await dump(url) for url in urls]
    assert first == second == third
    again = run_seed(tmp_path, urls[0])
    assert again.returncode == 1
    assert "seed an empty database" in again.stderr
    assert await dump(urls[0]) == first
