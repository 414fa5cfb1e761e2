"""The password of the bell: a file for the owner's eyes, as long as the server runs."""

from __future__ import annotations

import stat

from wagu.bell import FILE, Bell, password_of


def test_it_hangs_while_the_server_runs(tmp_path):
    folder = tmp_path / "data"
    assert password_of(folder) is None
    bell = Bell(folder)
    assert password_of(folder) is None, "not before the port is open"
    bell.hang()
    assert password_of(folder) == bell.password
    assert stat.S_IMODE((folder / FILE).stat().st_mode) == 0o600
    bell.take_down()
    assert password_of(folder) is None
    bell.take_down()


def test_the_next_start_replaces_what_a_crash_left(tmp_path):
    first, second = Bell(tmp_path), Bell(tmp_path)
    assert first.password != second.password
    first.hang()
    second.hang()
    assert password_of(tmp_path) == second.password
