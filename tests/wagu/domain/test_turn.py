"""Credentials that a TURN server can check by the secret alone."""

from __future__ import annotations

import pytest

from wagu.domain.person import PersonId
from wagu.domain.turn import IceServer, Turn, password

URLS = ("turn:turn.example.org", "turns:turn.example.org:443?transport=tcp")
MINA = PersonId("m_12")


@pytest.mark.parametrize(
    ("secret", "username", "expected"),
    [  # printf %s <username> | openssl dgst -sha1 -hmac <secret> -binary | base64
        ("north", "1795086400:m_12", "Hj5MOj7D+yW3gdktKJ2nWS7Qb5I="),
        ("비밀 secret", "1433895918:g_7Qx", "/zP+WxcmAvHJzK5nwQwAFqHFIzc="),
    ],
)
def test_a_password_signs_the_user_name(secret, username, expected):
    assert password(secret, username) == expected


def test_a_user_name_says_until_when_and_for_whom():
    turn = Turn(URLS, "north", lifetime=86_400)
    expected = IceServer(URLS, "1795086400:m_12", "Hj5MOj7D+yW3gdktKJ2nWS7Qb5I=")
    assert turn.servers(MINA, 1_795_000_000.9) == (expected,)


def test_without_a_server_there_is_nothing_to_hand_out():
    assert Turn().servers(MINA, 1_795_000_000) == ()


def test_no_secret_shows():
    turn = Turn(URLS, "north")
    shown = repr(turn) + repr(turn.servers(MINA, 1_795_000_000))
    assert "north" not in shown
    assert "Hj5MOj7D" not in shown
