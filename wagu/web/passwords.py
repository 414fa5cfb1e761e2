"""Passwords with Argon2id, off the event loop; two hash at a time, and a bounded crowd waits.

19 MiB, t = 2, p = 1 is OWASP's minimum: about 20 ms and 19 MiB a hash, where the library's default
of 64 MiB took 0.25–0.6 s on small machines.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from wagu.errors import Unavailable

CONCURRENT = 2
WAITING = 64

T = TypeVar("T")


_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


@cache
def _nobodys() -> str:
    return _HASHER.hash("nobody has this password")


class Passwords:
    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(CONCURRENT, thread_name_prefix="password")
        self._pending = 0
        # Nobody's password: verified for unknown users, so that they take as long as known ones.
        self._nobody = _nobodys()

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def hash(self, password: str) -> str:
        return await self._run(lambda: _HASHER.hash(password))

    async def verify(self, password: str, password_hash: str | None) -> bool:
        """Without a hash (an unknown user, one who has no password) the same work is done, and the
        answer is no."""
        matches = await self._run(lambda: self._matches(password, password_hash or self._nobody))
        return matches and bool(password_hash)

    def is_outdated(self, password_hash: str) -> bool:
        """True when the hash was made with other parameters than today's."""
        return _HASHER.check_needs_rehash(password_hash)

    def _matches(self, password: str, password_hash: str) -> bool:
        try:
            return _HASHER.verify(password_hash, password)
        except (Argon2Error, InvalidHashError):
            return False

    async def _run(self, work: Callable[[], T]) -> T:
        if self._pending >= WAITING:
            raise Unavailable("auth.busy", "지금 너무 붐벼요. 잠시 뒤에 다시 해 주세요.")
        self._pending += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        finally:
            self._pending -= 1
