"""What one node says to all: Redis pub/sub, which forgets whoever is not listening.

Nobody waits: what cannot be sent at once is queued, and beyond `WAITING_MAX` the oldest is dropped.
After a lost connection the listener is told that something may have been missed.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Mapping
from typing import Protocol

import structlog
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError

log = structlog.get_logger("wagu.cluster.wire")

WAITING_MAX = 1000
LOOK_EVERY = 5.0
"""Seconds of silence after which a connection is tried by a ping."""
TRY_AGAIN_AFTER = 0.5
FINISH_WITHIN = 0.5

Handler = Callable[[bytes], None]


class Wire(Protocol):
    def send(self, channel: str, message: bytes) -> None: ...

    async def start(self, handlers: Mapping[str, Handler], missed: Callable[[], None]) -> None: ...

    async def close(self) -> None: ...


class RedisWire:
    def __init__(self, url: str, *, prefix: str = "wagu:") -> None:
        self._redis = Redis.from_url(url, socket_connect_timeout=LOOK_EVERY)
        self._prefix = prefix
        self._waiting: deque[tuple[str, bytes]] = deque()
        self._something = asyncio.Event()
        self._nothing = asyncio.Event()
        self._dropped = 0
        self._tasks: list[asyncio.Task[None]] = []

    def send(self, channel: str, message: bytes) -> None:
        if len(self._waiting) >= WAITING_MAX:
            self._waiting.popleft()
            self._dropped += 1
        self._waiting.append((channel, message))
        self._nothing.clear()
        self._something.set()

    @property
    def waiting(self) -> int:
        """Messages that are not sent yet."""
        return len(self._waiting)

    async def start(self, handlers: Mapping[str, Handler], missed: Callable[[], None]) -> None:
        """Until the first connection listens."""
        listening = asyncio.Event()
        self._tasks = [
            asyncio.create_task(self._listen(handlers, missed, listening)),
            asyncio.create_task(self._talk()),
        ]
        await listening.wait()

    async def close(self) -> None:
        """What waits is sent first, if that takes no time."""
        if self._waiting and self._tasks:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(FINISH_WITHIN):
                    await self._nothing.wait()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._redis.aclose()

    async def _talk(self) -> None:
        while True:
            await self._something.wait()
            self._something.clear()
            while self._waiting:
                channel, message = self._waiting[0]
                try:
                    await self._redis.publish(self._prefix + channel, message)
                except RedisError as error:
                    log.warning("x not sent", reason=repr(error), waiting=len(self._waiting))
                    await asyncio.sleep(TRY_AGAIN_AFTER)
                    continue
                if self._waiting and self._waiting[0] == (channel, message):
                    self._waiting.popleft()
                if not self._waiting:
                    self._nothing.set()
                if self._dropped:
                    log.warning("x dropped: too much to say", messages=self._dropped)
                    self._dropped = 0

    async def _listen(
        self, handlers: Mapping[str, Handler], missed: Callable[[], None], listening: asyncio.Event
    ) -> None:
        while True:
            try:
                await self._listen_once(handlers, missed, listening)
            except RedisError as error:
                log.warning("x not listening", reason=repr(error))
                await asyncio.sleep(TRY_AGAIN_AFTER)

    async def _listen_once(
        self, handlers: Mapping[str, Handler], missed: Callable[[], None], listening: asyncio.Event
    ) -> None:
        async with self._redis.pubsub(ignore_subscribe_messages=True) as pubsub:
            await pubsub.subscribe(*(self._prefix + channel for channel in handlers))
            if listening.is_set():
                missed()
            listening.set()
            clock = asyncio.get_running_loop().time
            heard_at = clock()
            while True:
                # None comes for what is ignored, too.
                message = await pubsub.get_message(timeout=LOOK_EVERY)
                if message is not None:
                    heard_at = clock()
                elif clock() - heard_at >= 2 * LOOK_EVERY:
                    raise RedisConnectionError("does not answer a ping")
                elif clock() - heard_at >= LOOK_EVERY:
                    await pubsub.ping()
                if message is not None and message["type"] == "message":
                    channel = message["channel"].decode().removeprefix(self._prefix)
                    self._hand(handlers[channel], message["data"])

    def _hand(self, handler: Handler, data: bytes) -> None:
        try:
            handler(data)
        except Exception:
            log.exception("x dropped: cannot be read", size=len(data))
