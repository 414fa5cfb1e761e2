"""What is made in a thread when it is first wanted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

Made = TypeVar("Made")


class Once(Generic[Made]):
    """Made for whoever comes first and all who come meanwhile, who go on in the order in which they
    came. Needs a running loop.

    `make` runs in a thread. When it raises, so does `ready`, and who comes next tries again.
    """

    def __init__(self, make: Callable[[], Made]) -> None:
        self._make = make
        self._making: asyncio.Future[Made] | None = None

    def begin(self) -> asyncio.Future[Made]:
        """Make it, unless that is done or under way."""
        if self._making is None:
            self._making = asyncio.get_running_loop().run_in_executor(None, self._make)
            self._making.add_done_callback(self._note)
        return self._making

    async def ready(self) -> Made:
        # Who goes away while it waits must not take it away from the others.
        return await asyncio.shield(self.begin())

    def _note(self, making: asyncio.Future[Made]) -> None:
        if making.cancelled() or making.exception() is not None:
            self._making = None
