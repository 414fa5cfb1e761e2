"""What is to be done elsewhere: at once, again, one of a kind at a time, and not without bound."""

from __future__ import annotations

import asyncio

from wagu.media_backend.base import unavailable
from wagu.media_backend.errands import Errands


class Elsewhere:
    def __init__(self) -> None:
        self.down = False
        self.done: list[str] = []
        self.open = asyncio.Event()
        self.open.set()

    def errand(self, what: str):
        async def do() -> None:
            await self.open.wait()
            if self.down:
                raise unavailable()
            self.done.append(what)

        return do


async def test_what_fails_is_done_with_the_next_round() -> None:
    errands, elsewhere = Errands(), Elsewhere()
    elsewhere.down = True
    errands.ask(("a",), elsewhere.errand("a"))
    errands.ask(("b",), elsewhere.errand("b"))
    await errands.settle()
    await errands.again()
    assert (elsewhere.done, len(errands)) == ([], 2)
    elsewhere.down = False
    await errands.again()
    assert (elsewhere.done, len(errands)) == (["a", "b"], 0)


async def test_one_of_a_kind_at_a_time_and_the_newest() -> None:
    errands, elsewhere = Errands(), Elsewhere()
    elsewhere.open.clear()
    errands.ask(("a",), elsewhere.errand("first"))
    await asyncio.sleep(0)
    errands.ask(("a",), elsewhere.errand("second"))
    errands.ask(("a",), elsewhere.errand("third"))
    elsewhere.open.set()
    await errands.settle()
    assert elsewhere.done == ["first", "third"]


async def test_what_nobody_wants_any_more_is_waited_for_if_it_is_under_way() -> None:
    errands, elsewhere = Errands(), Elsewhere()
    elsewhere.down = True
    errands.ask(("a",), elsewhere.errand("a"))
    await errands.settle()
    await errands.cancel(("a",))
    elsewhere.down = False
    await errands.again()
    assert elsewhere.done == []
    elsewhere.open.clear()
    errands.ask(("a",), elsewhere.errand("a"))
    await asyncio.sleep(0)
    cancelled = asyncio.create_task(errands.cancel(("a",)))
    await asyncio.sleep(0)
    assert not cancelled.done()
    elsewhere.open.set()
    await cancelled
    assert elsewhere.done == ["a"]


async def test_of_too_many_the_oldest_is_dropped() -> None:
    errands, elsewhere = Errands(most=2), Elsewhere()
    elsewhere.down = True
    for what in "abc":
        errands.ask((what,), elsewhere.errand(what))
    await errands.settle()
    assert len(errands) == 2
    elsewhere.down = False
    await errands.again()
    assert elsewhere.done == ["b", "c"]


async def test_a_defect_is_not_repeated_for_ever() -> None:
    errands = Errands()

    async def defect() -> None:
        raise RuntimeError

    errands.ask(("a",), defect)
    await errands.settle()
    assert len(errands) == 0
    await errands.close()
