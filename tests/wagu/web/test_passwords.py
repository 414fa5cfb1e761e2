"""Argon2: parameters, verification, and a bounded crowd."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest

from wagu.errors import Unavailable
from wagu.web.passwords import CONCURRENT, WAITING, Passwords


@pytest.fixture
def passwords() -> Iterator[Passwords]:
    one = Passwords()
    yield one
    one.close()


async def test_a_hash_verifies_its_password_only(passwords):
    made = await passwords.hash("correct horse")
    assert made.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert await passwords.verify("correct horse", made)
    assert not await passwords.verify("wrong horse", made)
    assert not await passwords.verify("correct horse", None)
    assert not await passwords.verify("correct horse", "junk")
    assert not passwords.is_outdated(made)


async def test_two_hash_at_a_time_and_a_bounded_crowd_waits(passwords, monkeypatch):
    gate, lock, busy = threading.Event(), threading.Lock(), []
    running = 0

    def slow(password: str, password_hash: str) -> bool:
        nonlocal running
        with lock:
            running += 1
            busy.append(running)
        gate.wait(10)
        with lock:
            running -= 1
        return True

    monkeypatch.setattr(passwords, "_matches", slow)
    crowd = [asyncio.create_task(passwords.verify("x", "y")) for _ in range(WAITING)]
    await asyncio.sleep(0)
    with pytest.raises(Unavailable, match=r"auth\.busy"):
        await passwords.verify("x", "y")
    gate.set()
    assert all(await asyncio.gather(*crowd))
    assert max(busy) <= CONCURRENT
    assert await passwords.verify("x", "y"), "there is room again"


async def test_who_has_no_password_has_none_that_matches():
    passwords = Passwords()
    for guess in ("nobody has this password", "", "correct horse"):
        assert not await passwords.verify(guess, "")
    passwords.close()
