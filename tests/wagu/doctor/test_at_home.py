"""What the doctor looks at on its own machine: settings, folder, database, store, files, kernel."""

from __future__ import annotations

import os
import shutil
from types import SimpleNamespace

import pytest
from sqlalchemy import text

from wagu.db.engine import Database
from wagu.db.migrate import head
from wagu.doctor import buffers, client_files, data_folder, database, environment, store
from wagu.doctor.finding import Level
from wagu.web.client import find_client

OK, WARNING, PROBLEM = Level


def test_settings_that_can_be_used(monkeypatch, only):
    monkeypatch.setattr(os, "environ", {"WAGU_PORT": "9000", "PATH": "/bin"})
    settings, found = environment.read(os.environ)
    assert settings is not None
    assert settings.port == 9000
    only(found, OK)


def test_a_setting_that_cannot_be_used_is_named(monkeypatch, only):
    monkeypatch.setattr(os, "environ", {"WAGU_PORT": "eighty"})
    settings, found = environment.read(os.environ)
    assert settings is None
    assert only(found, PROBLEM).startswith("WAGU_PORT ")


def test_a_variable_that_nothing_reads_is_a_typing_mistake():
    _, found = environment.read({"WAGU_MEDIA_ADRESSES", "WAGU_REDIS_URL_FILE", "WAGU_NONSENSE"})
    unknown = [each for each in found if each.level is WARNING]
    assert [each.text.split()[0] for each in unknown] == ["WAGU_MEDIA_ADRESSES", "WAGU_NONSENSE"]
    assert unknown[0].advice == "Did you mean WAGU_MEDIA_ADDRESSES?"
    assert "README.md" in unknown[1].advice


def test_a_folder_that_is_there_or_can_be(tmp_path, only):
    assert "GiB are free" in only(data_folder.check(tmp_path), OK)
    only(data_folder.check(tmp_path / "not" / "yet"), OK)
    assert list(tmp_path.iterdir()) == [], "looking leaves nothing behind"


def test_a_folder_that_is_a_file(tmp_path, only):
    (tmp_path / "file").write_text("x")
    assert "is no folder" in only(data_folder.check(tmp_path / "file"), PROBLEM)


def test_a_folder_that_refuses(only):
    assert "cannot be written" in only(data_folder.check(data_folder.Path("/proc")), PROBLEM)


@pytest.mark.parametrize(("free", "level"), [(1 << 40, OK), (1 << 30, WARNING), (1 << 20, PROBLEM)])
def test_how_much_fits(monkeypatch, tmp_path, only, free, level):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    only(data_folder.check(tmp_path), level)


async def test_a_database_from_before_the_start_to_a_newer_version(tmp_path, only):
    url = f"sqlite+aiosqlite:///{tmp_path / 'wagu.db'}"
    assert "by the first start" in only(await database.check(url), OK)
    assert not (tmp_path / "wagu.db").exists()
    db = Database(url)
    await db.start()
    assert only(await database.check(url), OK) == f"answers, at revision {head()}"
    for revision, since, level, said in (
        ("0001", "0001", OK, f"of {head()}"),
        ("9999", "0001", OK, "suits this one"),
        ("9999", "9999", PROBLEM, "knows"),
    ):
        async with db.write() as connection:
            await connection.execute(text(f"UPDATE alembic_version SET version_num = '{revision}'"))
            await connection.execute(text(f"UPDATE compatibility SET works_since = '{since}'"))
        assert said in only(await database.check(url), level)
    await db.close()


async def test_a_file_that_is_no_database(tmp_path, only):
    (tmp_path / "wagu.db").write_text("no database at all, but text" * 100)
    url = f"sqlite+aiosqlite:///{tmp_path / 'wagu.db'}"
    assert "cannot be used" in only(await database.check(url), PROBLEM)


async def test_a_postgresql(postgres_url, only):
    url = postgres_url.replace("postgresql:", "postgresql+asyncpg:", 1)
    only(await database.check(url), OK)


async def test_a_postgresql_that_is_not_there(free_port, only):
    url = f"postgresql+asyncpg://wagu:hunter2@127.0.0.1:{free_port()}/wagu"
    said = only(await database.check(url), PROBLEM)
    assert "hunter2" not in said


async def test_a_redis(redis_url, free_port, only):
    only(await store.check(None), OK)
    assert "answers" in only(await store.check(redis_url), OK)
    gone = f"redis://:hunter2@127.0.0.1:{free_port()}/0"
    said = only(await store.check(gone), PROBLEM)
    assert "does not answer" in said
    assert "hunter2" not in said


def test_the_client_is_there(only):
    only(client_files.check(), OK)


def test_a_file_that_the_page_names_and_nobody_laid_out(tmp_path):
    root = find_client().root
    shutil.copy(root / "index.html", tmp_path)
    named, missing = client_files.files(tmp_path)
    assert missing == named
    assert "js/app.js" in named
    assert "vendor/preact.js" in named
    found, missing = client_files.files(root)
    assert not missing
    assert {*named, "js/views/live.js", "js/live/player.js"} < set(found)


def test_buffers(only):
    assert buffers.granted(64 * 1024) == {"receive": 64 * 1024, "send": 64 * 1024}
    only([buffers.judge({"receive": 4 << 20, "send": 4 << 20})], OK)
    small = buffers.judge({"receive": 212_992, "send": 4 << 20})
    assert small.level is WARNING
    assert "net.core.rmem_max=" in small.advice
    assert "wmem" not in small.advice
