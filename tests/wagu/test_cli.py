"""The command line, as a person meets it."""

from __future__ import annotations

import gc
import json
import os
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from wagu.cli import main
from wagu.db.migrate import head
from wagu.ephemeral.journal import alone

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def wagu(tmp_path):
    own = {name: text for name, text in os.environ.items() if not name.startswith("WAGU_")}
    environment = own | {"WAGU_DATA_DIR": str(tmp_path / "data"), "WAGU_HOST": "127.0.0.1"}

    def run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "wagu", *arguments],
            cwd=ROOT,
            env=environment | settings,
            capture_output=True,
            text=True,
            timeout=90,  # for a machine that does much else
            check=False,
        )

    return run


def test_help_imports_nothing_heavy():
    program = """
import sys
sys.argv = ["wagu", "--help"]
try:
    from wagu.cli import main
    main()
except SystemExit:
    heavy = {"aiohttp", "sqlalchemy", "pydantic", "aiortc", "structlog", "alembic"}
    print("HEAVY", sorted(heavy & set(sys.modules)))
"""
    command = [sys.executable, "-c", program]
    said = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert "serve" in said
    assert "HEAVY []" in said


def commands(group=main, path=()):
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        yield (*path, name), command


@pytest.mark.parametrize(("path", "command"), list(commands()))
def test_every_command_and_option_is_explained(path, command):
    assert command.help
    assert command.get_short_help_str(80).endswith("."), "a whole sentence in the list"
    for parameter in command.params:
        assert not isinstance(parameter, click.Option) or parameter.help, parameter.name
    if path != ("bench",):  # hands --help on
        done = CliRunner().invoke(main, [*path, "--help"], terminal_width=100)
        assert done.exit_code == 0
        assert max(map(len, done.output.splitlines())) <= 100


def test_benches_are_those_of_the_checkout(wagu):
    told = wagu("bench", "--help")
    assert told.returncode == 0
    assert "scripts/bench <area>" in told.stdout


def test_benches_of_an_installed_package_are_elsewhere(monkeypatch, tmp_path):
    monkeypatch.setattr("wagu.commands.bench.SCRIPT", tmp_path / "bench")
    done = CliRunner().invoke(main, ["bench", "hub"])
    assert done.exit_code == 1
    assert "in a checkout" in done.output


def test_what_the_start_made_is_collected_never(monkeypatch):
    seen = []

    async def serve(_settings, announce):
        seen.append(gc.isenabled())
        announce(None)
        seen.append(gc.isenabled())

    monkeypatch.setattr("wagu.serve.serve", serve)
    monkeypatch.setattr("wagu.log.configure", lambda *_: None)
    try:
        done = CliRunner().invoke(main, ["serve"], catch_exceptions=False)
        assert "is ready" in done.output
        assert seen == [False, True]
        assert gc.get_freeze_count() > 10_000
    finally:
        gc.unfreeze()
        gc.enable()


def test_a_wrong_setting_ends_the_start_with_one_line(wagu):
    run = wagu("serve", WAGU_PORT="eighty")
    assert run.returncode == 1
    assert run.stderr.startswith("wagu: WAGU_PORT should be a valid integer")
    assert run.stderr.count("\n") == 1


def test_a_port_in_use_ends_the_start_with_one_line_and_touches_no_data(wagu, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        run = wagu("serve", "--port", str(port))
    assert run.returncode == 1
    assert run.stderr.startswith(f"wagu: port {port} is in use")
    assert run.stderr.count("\n") == 1
    assert not (tmp_path / "data").exists()


def test_a_udp_port_in_use_is_told_apart(wagu, free_port):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        media = taken.getsockname()[1]
        run = wagu("serve", WAGU_PORT=str(free_port()), WAGU_MEDIA_PORT=str(media))
    assert run.returncode == 1
    last = run.stderr.splitlines()[-1]
    assert last.startswith("wagu: ")
    assert f"UDP port {media}" in last
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize("host", ["no.such.host.invalid", "192.0.2.200"])
def test_a_host_that_is_not_ours(wagu, host):
    run = wagu("serve", WAGU_HOST=host)
    assert run.returncode == 1
    assert run.stderr == f"wagu: WAGU_HOST is no address of this machine: {host}\n"


def test_a_data_directory_that_cannot_be(wagu, tmp_path, free_port):
    (tmp_path / "file").write_text("x")
    run = wagu("serve", WAGU_DATA_DIR=str(tmp_path / "file"), WAGU_PORT=str(free_port()))
    assert run.returncode == 1
    assert "Traceback" not in run.stderr
    assert run.stderr.splitlines()[-1].startswith("wagu: ")


def test_members_from_the_shell(wagu):
    added = wagu("user", "add", "JiMin", "--name", "지민", "--password", "correct horse")
    assert added.stdout == "jimin is a member\n"
    again = wagu("user", "add", "jimin", "--password", "correct horse")
    assert (again.returncode, again.stderr) == (1, "wagu: 이미 쓰고 있는 아이디예요.\n")
    short = wagu("user", "password", "jimin", "--password", "short")
    assert (short.returncode, short.stderr) == (1, "wagu: 비밀번호는 8–200자예요.\n")
    changed = wagu("user", "password", "jimin", "--password", "another horse")
    assert changed.stdout.startswith("jimin has a new password")
    assert wagu("user", "admin", "jimin").stdout == "jimin is an admin\n"
    alone = wagu("user", "admin", "jimin", "--revoke")
    assert alone.returncode == 1
    assert alone.stderr.startswith("wagu: 하나뿐인 관리자예요.")
    assert wagu("user", "add", "haneul", "--admin", "--password", "correct horse").returncode == 0
    assert wagu("user", "admin", "jimin", "--revoke").stdout == "jimin is no longer an admin\n"
    assert wagu("user", "admin", "nobody").stderr == "wagu: 없는 회원이에요.\n"


def test_migrate_says_where_the_database_is(wagu):
    assert wagu("migrate").stdout == f"the database is at revision {head()}\n"


def test_migrate_says_so_where_the_database_is_of_a_newer_version(wagu, tmp_path):
    assert wagu("migrate").returncode == 0
    with closing(sqlite3.connect(tmp_path / "data" / "wagu.db")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    said = wagu("migrate").stdout.splitlines()[-1]
    assert said == f"the database is at revision 9999, and suits this version, which knows {head()}"


def test_a_database_of_a_newer_version_that_took_something_away_is_left_alone(wagu, tmp_path):
    assert wagu("migrate").returncode == 0
    with closing(sqlite3.connect(tmp_path / "data" / "wagu.db")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.execute("UPDATE compatibility SET works_since = '9999'")
    for command in ("migrate", "serve"):
        run = wagu(command)
        assert run.returncode == 1
        last = run.stderr.splitlines()[-1]
        assert last.startswith("wagu: the database is at revision 9999, and this version knows")
        assert "Traceback" not in run.stderr


def test_photos_are_copied_into_a_bucket(wagu, tmp_path, s3_bucket, s3_settings):
    settings = {f"WAGU_{name}".upper(): value for name, value in s3_settings.items()}
    nothing = wagu("objects", "copy", **settings)
    assert (nothing.returncode, nothing.stderr.count("\n")) == (1, 1)
    assert "nothing to copy" in nothing.stderr
    file = tmp_path / "data" / "objects" / "photos" / "ab" / "cd" / "256.webp"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"pixels")
    for new in (1, 0):
        done = wagu("objects", "copy", **settings)
        assert done.returncode == 0, done.stderr
        assert done.stdout.splitlines()[-1] == (
            f"1 objects (0.0 MB) are in both places, {new} of them are new there"
        )
    assert bytes(s3_bucket.open().get("photos/ab/cd/256.webp").bytes()) == b"pixels"
    same = wagu("objects", "copy")
    assert (same.returncode, same.stdout) == (1, "")
    away = wagu("objects", "copy", **settings | {"WAGU_OBJECTS_URL": "s3://nobody/has/this"})
    assert (away.returncode, away.stderr.count("\n")) == (1, 1)
    assert "secret" not in away.stderr


def test_a_backup_is_made_checked_and_put_back(wagu, tmp_path):
    jimin = ("user", "add", "jimin", "--password", "correct horse")
    assert wagu(*jimin).returncode == 0
    file = tmp_path / "wagu.tar"
    made = wagu("backup", str(file))
    assert made.returncode == 0, made.stderr
    assert made.stdout.splitlines()[-1].startswith(f"{file}: the database and 0 photos")
    checked = wagu("restore", str(file), "--check")
    assert (checked.returncode, "is whole" in checked.stdout) == (0, True)
    elsewhere = {"WAGU_DATA_DIR": str(tmp_path / "elsewhere")}
    asked = wagu("restore", str(file), **elsewhere)
    assert (asked.returncode, "Replace the database" in asked.stdout) == (1, True)
    assert not (tmp_path / "elsewhere" / "wagu.db").exists()
    journal = tmp_path / "elsewhere" / "ephemeral.journal"
    journal.parent.mkdir(exist_ok=True)
    journal.write_text("who is signed in\n")
    done = wagu("restore", str(file), "--replace", **elsewhere)
    assert done.returncode == 0, done.stderr
    assert not journal.exists()
    assert wagu(*jimin, **elsewhere).returncode == 1, "she is there already"
    with alone(tmp_path / "elsewhere"):
        busy = wagu("restore", str(file), "--replace", **elsewhere)
    assert (busy.returncode, busy.stderr.count("\n")) == (1, 1)
    assert "stop it first" in busy.stderr
    file.write_bytes(file.read_bytes()[:-12_000])
    assert wagu("restore", str(file), "--replace", **elsewhere).returncode == 1


def test_a_probe_that_cannot_begin_says_why_in_one_line(wagu, free_port):
    gone = f"http://127.0.0.1:{free_port()}"
    for arguments, complaint in (
        (("watch", "https://wagu.example.org/"), "no link of a live"),
        (("publish", f"{gone}/live/x"), "give --username, or the --token of a ticket"),
        (("publish", f"{gone}/live/x", "--token", "t", "--size", "7x7"), "--size"),
        (("watch", f"{gone}/live/x"), f"{gone} cannot be reached"),
    ):
        run = wagu("probe", *arguments)
        assert (run.returncode, run.stdout) == (1, "")
        assert run.stderr.startswith("wagu: ")
        assert complaint in run.stderr
        assert run.stderr.count("\n") == 1


def test_the_doctor_speaks_before_the_first_start(wagu, tmp_path, free_port):
    port = str(free_port())
    run = wagu("doctor", WAGU_PORT=port, WAGU_MEDIA_ADDRESSES="127.0.0.1")
    assert (run.returncode, run.stderr) == (0, "")
    assert "will be made by the first start" in run.stdout
    assert f"127.0.0.1 port {port}/udp can be reached" in run.stdout
    assert not (tmp_path / "data").exists()
    broken = wagu("doctor", "--json", WAGU_PORT="eighty")
    assert broken.returncode == 1
    assert json.loads(broken.stdout)["findings"][0]["level"] == "problem"
