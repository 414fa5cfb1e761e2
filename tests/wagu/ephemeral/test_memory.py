"""What only the memory store has: a bound, and a sweep that forgets the expired."""

from __future__ import annotations

import pytest

from wagu.ephemeral.memory import MemoryStore
from wagu.ephemeral.operations import WrongKind
from wagu.errors import Unavailable


async def test_it_refuses_new_keys_when_full_and_keeps_the_old() -> None:
    store = MemoryStore(lambda: 1.0, keys_max=2)
    await store.put("a", "1", 10)
    await store.put("b", "1", 10)
    with pytest.raises(Unavailable) as caught:
        await store.put("c", "1", 10)
    assert caught.value.code == "store.full"
    await store.put("a", "2", 10)
    assert (await store.get("a"), await store.get("b")) == ("2", "1")
    await store.delete("b")
    await store.put("c", "1", 10)


async def test_a_sweep_makes_room() -> None:
    now = [1.0]
    store = MemoryStore(lambda: now[0], keys_max=1)
    await store.put("a", "1", 10)
    now[0] = 11.0
    store.sweep()
    await store.put("b", "1", 10)
    assert await store.get("b") == "1"


async def test_a_key_has_one_kind() -> None:
    store = MemoryStore(lambda: 1.0)
    await store.put("a", "1", 10)
    with pytest.raises(WrongKind):
        await store.tail("a")
    with pytest.raises(WrongKind):
        await store.ballot("a")
