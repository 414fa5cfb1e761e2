"""What a room needs to remember for hours: sessions, share maps, tickets, chats, ballots.

`open_store` picks the implementation. Everything in a store expires.
"""

from __future__ import annotations

from pathlib import Path

from wagu.ephemeral.journal import FILE, Journal
from wagu.ephemeral.memory import MemoryStore
from wagu.ephemeral.store import Clock, EphemeralStore

__all__ = ["forget_all", "open_store"]


def open_store(redis_url: str | None, data_dir: Path, clock: Clock) -> EphemeralStore:
    """Not connected and nothing read yet: `await store.start()` does that."""
    if redis_url is None:
        return MemoryStore(clock, Journal(data_dir / FILE))
    from wagu.ephemeral.redis import RedisStore  # noqa: PLC0415 - 150 ms that memory need not pay

    return RedisStore(redis_url)


async def forget_all(redis_url: str | None, data_dir: Path) -> None:
    """Sessions, shared maps, everything; nobody may use it meanwhile. Raises Unavailable
    store.unavailable, OSError."""
    if redis_url is None:
        (data_dir / FILE).unlink(missing_ok=True)
        return
    from wagu.ephemeral.redis import RedisStore  # noqa: PLC0415 - as above

    store = RedisStore(redis_url)
    try:
        await store.forget_all()
    finally:
        await store.close()
