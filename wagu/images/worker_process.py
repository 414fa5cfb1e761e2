"""One worker process as the server sees it: started when needed, ended when idle or stuck."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from asyncio import StreamReader, StreamWriter
from dataclasses import dataclass
from pathlib import Path

import msgspec
import structlog

import wagu
from wagu.images.errors import CODES, image_error
from wagu.images.jobs import FailedReply, Job, Reply

log = structlog.get_logger("wagu.images")

COMMAND = (sys.executable, "-m", "wagu.images.worker")
MOST_SECONDS = 120.0
"""By the clock, for a worker that hangs; one that computes is ended by its processor time."""


@dataclass(frozen=True, slots=True)
class Child:
    process: subprocess.Popen[bytes]
    reader: StreamReader
    writer: StreamWriter


class WorkerProcess:
    """Not shared: `run` is called by one job at a time."""

    def __init__(self, command: tuple[str, ...] = COMMAND, timeout: float = MOST_SECONDS) -> None:
        self._command = command
        self._timeout = timeout
        self._child: Child | None = None
        self._stops = 0
        self._replies: msgspec.json.Decoder[Reply] = msgspec.json.Decoder(Reply)

    @property
    def pid(self) -> int | None:
        """Of the process, while there is one."""
        return self._child.process.pid if self._child else None

    async def run(self, job: Job) -> Reply:
        """The answer to a job. Raises the error that the worker names, or image.broken when it died
        of the job. A caller that is cancelled takes the process with it: nothing writes on."""
        stops = self._stops
        try:
            async with asyncio.timeout(self._timeout):
                reply = await self._exchange(job)
        except (TimeoutError, EOFError, OSError, ValueError) as error:
            if stops != self._stops:
                raise image_error("image.busy") from None  # we are closing
            log.warning("x photo: its worker died", pid=self.pid, why=repr(error))
            await self.stop()
            raise image_error("image.broken") from None
        except BaseException:
            await self.stop()
            raise
        if isinstance(reply, FailedReply):
            log.info("x photo", code=reply.code, why=reply.detail)
            raise image_error(reply.code if reply.code in CODES else "image.broken")
        return reply

    async def stop(self) -> None:
        """Kill it and wait until it is gone; there may be none."""
        self._stops += 1
        child, self._child = self._child, None
        if child is not None:
            await _end(child)

    async def _exchange(self, job: Job) -> Reply:
        child = self._child or await self._start()
        child.writer.write(msgspec.json.encode(job) + b"\n")
        await child.writer.drain()
        line = await child.reader.readline()
        if not line.endswith(b"\n"):
            raise EOFError(f"exit code {child.process.poll()}")
        return self._replies.decode(line)

    async def _start(self) -> Child:
        ours, theirs = socket.socketpair()
        with theirs:
            process = _spawn(self._command, theirs.fileno())
        stops = self._stops
        try:
            reader, writer = await asyncio.open_unix_connection(sock=ours)
        except BaseException:
            ours.close()
            process.kill()
            process.wait()
            raise
        child = self._child = Child(process, reader, writer)
        if stops != self._stops:
            await self.stop()
            raise EOFError("stopped while it started")
        log.debug("= photo worker started", pid=process.pid)
        return child


def _spawn(command: tuple[str, ...], pipe: int) -> subprocess.Popen[bytes]:
    """Not by the event loop: uvloop forks, and copying the memory map of a server of 150 MB stopped
    it for 11 to 24 ms, where Popen's vfork took 1 to 5."""
    # Nothing of our environment: it may hold secrets, and decoders meet strangers' bytes.
    environment = {"PYTHONPATH": str(Path(wagu.__file__).parent.parent), "LC_ALL": "C.UTF-8"}
    return subprocess.Popen(
        command,
        stdin=pipe,
        stdout=pipe,
        env=environment,
        cwd=os.sep,
        start_new_session=True,  # Ctrl-C is for the server, which then stops us
    )


async def _end(child: Child) -> None:
    child.process.kill()
    child.writer.close()
    await asyncio.to_thread(child.process.wait)
