"""QR codes, against those of the package `qrcode` 8.2 (level L, mask 0, bytes)."""

from __future__ import annotations

import hashlib
import re

import pytest

from wagu import qr

ADDRESS = "https://192.168.0.10:8080"


@pytest.mark.parametrize(
    ("length", "size", "digest"),
    [
        (1, 21, "65d291b6b949a6af"),
        (17, 21, "a98d2c63cd816d60"),
        (18, 25, "a51f15709f916fcc"),
        (25, 25, "e61dfcee5e661c1d"),
        (32, 25, "0e6fd3410e3a2fc7"),
        (53, 29, "7d7b38a9965e628f"),
        (54, 33, "5ac5e061ae170364"),
        (78, 33, "905c953f1fd56f34"),
        (79, 37, "d8cb2c81ebdb279a"),
        (106, 37, "7ac2efe3a18039cd"),
    ],
)
def test_every_module_is_where_others_put_it(length: int, size: int, digest: str) -> None:
    rows = qr.matrix((ADDRESS * 5)[:length])
    assert len(rows) == size
    text = "\n".join("".join(map(str, map(int, row))) for row in rows)
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == digest


def test_what_is_too_long_is_refused() -> None:
    with pytest.raises(ValueError, match="too long"):
        qr.matrix("x" * 107)


def test_a_terminal_shows_the_same_modules() -> None:
    lines = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in qr.lines(ADDRESS)]
    shown = []
    for line in lines:
        shown.append([each in "▀█" for each in line])
        shown.append([each in "▄█" for each in line])
    code = qr.matrix(ADDRESS)
    inner = [row[qr.QUIET : -qr.QUIET] for row in shown[qr.QUIET : qr.QUIET + len(code)]]
    assert inner == code
    rest = [*shown[: qr.QUIET], *shown[qr.QUIET + len(code) :]]
    assert len(rest) >= 2 * qr.QUIET
    assert not any(any(row) for row in rest)
