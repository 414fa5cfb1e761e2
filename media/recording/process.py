"""The writing process as the server sees it: started when first needed, fed without waiting.

Sending never blocks and never grows without bound: what the process does not take in time is
refused, and the caller says what is dropped. Measured (Chromium's 2.5 Mbit/s and Opus): 15 µs a
frame in the event loop; FFmpeg's work is all in the other process.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import media
from media.recording.wire import Kind, Message, Reader, pack

logger = logging.getLogger(__name__)

COMMAND = (sys.executable, "-m", "media.recording.worker")
MAX_QUEUED = 8 * 1024 * 1024
"""Bytes that wait for a process that is slow (a full disk, say): 25 s of 2.5 Mbit/s."""

Answer = Callable[[Message | None], None]
"""Called with the answer, or None when the process ended before it came."""


class WriterProcess(asyncio.Protocol):
    """`open` a number, `send` its messages, `close` it; `ask` for one answer."""

    def __init__(self, command: tuple[str, ...] = COMMAND) -> None:
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self._transport: asyncio.WriteTransport | None = None
        self._starting: asyncio.Task[None] | None = None
        self._early: list[bytes] = []
        self._early_bytes = 0
        self._reader = Reader()
        self._waiting: dict[int, Answer] = {}
        self._numbers = 0
        self._gone = asyncio.Event()

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process is not None else None

    @property
    def queued(self) -> int:
        """Bytes that the process has not taken yet."""
        if self._transport is not None:
            return self._transport.get_write_buffer_size()
        return self._early_bytes

    def begin(self, answer: Answer) -> int:
        """A number for what shall be answered, by `answer`; starts the process if need be."""
        if self._starting is None:
            self._starting = asyncio.get_running_loop().create_task(self._start())
        self._numbers += 1
        self._waiting[self._numbers] = answer
        return self._numbers

    def send(
        self, kind: Kind, number: int, body: bytes = b"", *, stream: int = 0, at: int = 0
    ) -> bool:
        """False when there is no such number any more, or too much waits already; what is small
        and must not be lost (OPEN, CLOSE) always goes."""
        if number not in self._waiting:
            return False
        must = kind in {Kind.OPEN, Kind.CLOSE}
        if not must and self.queued + len(body) > MAX_QUEUED:
            return False
        data = pack(kind, number, body, stream=stream, at=at)
        if self._transport is not None:
            self._transport.write(data)
        else:
            self._early.append(data)
            self._early_bytes += len(data)
        return True

    def forget(self, number: int) -> None:
        """Its answer is not waited for any more."""
        self._waiting.pop(number, None)

    async def close(self, within: float = 5.0) -> None:
        """End its input: it finishes its files and goes. Killed when that takes too long."""
        if self._starting is not None:
            await asyncio.wait([self._starting])
        process = self._process
        if process is None:
            return
        if self._transport is not None and self._transport.can_write_eof():
            self._transport.write_eof()
        try:
            await asyncio.wait_for(self._gone.wait(), within)
        except TimeoutError:
            process.kill()
            if self._transport is not None:
                self._transport.abort()
            await self._gone.wait()
        await asyncio.to_thread(process.wait)
        self._process = None

    def data_received(self, data: bytes) -> None:
        try:
            for message in self._reader.feed(data):
                answer = self._waiting.pop(message.number, None)
                if answer is not None:
                    answer(message)
        except ValueError:
            logger.exception("x writer: not an answer")
            if self._transport is not None:
                self._transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._starting = None
        self._reader = Reader()
        self._gone.set()
        waiting, self._waiting = self._waiting, {}
        if waiting:
            logger.warning("x writer ended with %d answers missing", len(waiting))
        for answer in waiting.values():
            answer(None)

    async def _start(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = await asyncio.to_thread(_spawn, self._command, theirs.fileno())
        self._gone.clear()
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_unix_connection(lambda: self, sock=ours)
        transport.set_write_buffer_limits(high=MAX_QUEUED)
        for data in self._early:
            transport.write(data)
        self._early.clear()
        self._early_bytes = 0
        self._transport = transport
        logger.debug("= writer started as %d", self._process.pid)


def _spawn(command: tuple[str, ...], pipe: int) -> subprocess.Popen[bytes]:
    # Nothing of our environment: it may hold secrets, and decoders meet strangers' bytes.
    environment = {
        "PYTHONPATH": str(Path(media.__file__).parent.parent),
        "LC_ALL": "C.UTF-8",
    }
    return subprocess.Popen(
        command,
        stdin=pipe,
        stdout=pipe,
        env=environment,
        cwd=os.sep,
        start_new_session=True,  # Ctrl-C is for the server, which then ends its input
    )
