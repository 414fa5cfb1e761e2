"""Review drafts: from the endpoint if there is one, from a template otherwise. Not for who may ask
how often: that is counted by the caller."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
from collections import Counter
from collections.abc import AsyncGenerator, Iterator, Sequence
from typing import TYPE_CHECKING

from wagu.ai.events import Delta, Done, Event, Failed, failed
from wagu.ai.service import Service
from wagu.ai.template import template
from wagu.domain.draft import Brief, Language, Origin
from wagu.domain.person import MemberId
from wagu.domain.suggestion import Suggestion

if TYPE_CHECKING:
    from wagu.ai.endpoint import Endpoint

RUNNING_MAX = 16
"""Drafts and suggestions at once, each with up to four photos in memory."""

RUNNING_EACH = 2
"""Of one member: the one before may not know yet that it was stopped."""


class Drafts:
    def __init__(self, service: Service | None) -> None:
        self._service = service
        self._endpoint: asyncio.Task[Endpoint] | None = None
        self._running: Counter[MemberId] = Counter()

    @property
    def by_ai(self) -> bool:
        return self._service is not None

    @property
    def sees_photos(self) -> bool:
        return self._service is not None and self._service.vision

    async def start(self) -> None:
        """Import the SDK now, in a thread, and not while somebody waits."""
        if self._service is not None:
            self._endpoint = asyncio.create_task(_open(self._service))

    async def close(self) -> None:
        if self._endpoint is not None:
            with contextlib.suppress(asyncio.CancelledError):
                await (await self._endpoint).close()

    async def write(self, brief: Brief, member: MemberId) -> AsyncGenerator[Event, None]:
        """Deltas, then Done or Failed; never raises. Close it to stop the draft."""
        if self._endpoint is None:
            yield Delta(template(brief))
            yield Done(Origin.TEMPLATE)
            return
        if self._full(member):
            yield failed("ai.busy")
            return
        with self._counted(member):
            endpoint = await asyncio.shield(self._endpoint)
            async with contextlib.aclosing(endpoint.write(brief)) as events:
                async for event in events:
                    yield event

    async def suggest(
        self, photos: Sequence[bytes], language: Language, member: MemberId
    ) -> Suggestion | Failed:
        """Of a model that sees photos; otherwise nothing is suggested."""
        if self._endpoint is None or not self.sees_photos:
            return Suggestion(None, ())
        if self._full(member):
            return failed("ai.busy")
        with self._counted(member):
            endpoint = await asyncio.shield(self._endpoint)
            return await endpoint.suggest(photos, language)

    def _full(self, member: MemberId) -> bool:
        return self._running.total() >= RUNNING_MAX or self._running[member] >= RUNNING_EACH

    @contextlib.contextmanager
    def _counted(self, member: MemberId) -> Iterator[None]:
        self._running[member] += 1
        try:
            yield
        finally:
            self._running[member] -= 1
            if not self._running[member]:
                del self._running[member]

    def stats(self) -> dict[str, int]:
        """For /metrics; a gauge."""
        return {"running": self._running.total()}


async def _open(service: Service) -> Endpoint:
    module = await asyncio.to_thread(importlib.import_module, "wagu.ai.endpoint")
    endpoint: Endpoint = module.Endpoint(service)
    return endpoint
