"""`wagu serve --workers N`: one port for all, a process for each core, and who watches over them.

Each worker is a node like any other (wagu.cluster), with a port of its own for media and for the
other workers: WAGU_PORT + its number. WAGU_PORT itself all of them accept from. A room is in one
worker; when that one crashes only its rooms move, and another process takes its place.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from types import FrameType

import structlog
import uvloop

from wagu import serve as process
from wagu.serve import BACKLOG, CannotServe, bound, greeting
from wagu.settings import Settings

log = structlog.get_logger("wagu.supervisor")

STOPS = (signal.SIGINT, signal.SIGTERM)
AGAIN_AFTER, AGAIN_MOST = 0.5, 8.0
"""Seconds until a worker that ended is replaced, twice as long each time, if it ends at once."""
LOOK_EVERY = 0.1
LIVED = 30.0
"""Seconds after which an end says nothing about the next start."""
COULD_NOT = 3
"""How a worker ends that cannot serve. At the first start nobody would do better in its place;
later it may have been the database."""


class Supervisor:
    """`spare` is called before workers are made, so that they share what is in memory by then;
    `say` prints a line."""

    def __init__(
        self,
        settings: Settings,
        workers: int,
        spare: Callable[[], None],
        say: Callable[[str], None],
    ) -> None:
        if settings.redis_url is None:
            raise CannotServe("workers need a Redis to share, at WAGU_REDIS_URL")
        if settings.speaks_tls:
            raise CannotServe("workers do not speak TLS: let a proxy in front of them do it")
        if settings.port + workers > 65535:
            raise CannotServe(f"there are no {workers} ports after WAGU_PORT ({settings.port})")
        self._settings = settings
        self._workers = workers
        self._spare = spare
        self._say = say
        self._alive: dict[int, tuple[int, float]] = {}
        self._replaced: set[int] = set()
        self._stopping = False
        self._waits = AGAIN_AFTER

    def run(self) -> None:
        """Until SIGINT or SIGTERM, which each worker gets as well. Raises CannotServe."""
        with bound(self._settings.host, self._settings.port) as shared:
            shared.listen(BACKLOG)
            self._spare()
            for each in STOPS:
                signal.signal(each, self._stop)
            for number in range(1, self._workers + 1):
                self._start(number, shared)
            for line in greeting(self._settings):
                self._say(line)
            self._watch(shared)

    def _start(self, number: int, shared: socket.socket) -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)  # until it is known whom to tell
        pid = os.fork()
        if pid == 0:
            os._exit(self._work(number, shared))
        self._alive[pid] = number, time.monotonic()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)
        log.info("= worker started", worker=number, pid=pid)

    def _work(self, number: int, shared: socket.socket) -> int:
        """In the worker; how it ends."""
        for each in STOPS:
            signal.signal(each, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)
        settings = self._settings.of_worker(number)

        def announce(setup_link: str | None) -> None:
            self._spare()
            if setup_link is not None:
                self._say(f"    No admin yet. Open this once to become it: {setup_link}")

        try:
            uvloop.run(process.serve(settings, announce, shared))
        except CannotServe as error:
            log.error("x worker cannot serve", worker=number, reason=str(error))
            return COULD_NOT
        except BaseException:
            log.exception("x worker failed", worker=number)
            return 1
        finally:
            sys.stdout.flush()
        return 0

    def _watch(self, shared: socket.socket) -> None:
        while self._alive:
            pid, status = os.wait()
            number, since = self._alive.pop(pid)
            code = os.waitstatus_to_exitcode(status)
            if self._stopping:
                continue
            if code == COULD_NOT and number not in self._replaced:
                self._stop(signal.SIGTERM, None)
                continue
            self._replaced.add(number)
            log.warning("x worker ended", worker=number, pid=pid, code=code)
            if time.monotonic() - since >= LIVED:
                self._waits = AGAIN_AFTER
            until = time.monotonic() + self._waits
            while not self._stopping and time.monotonic() < until:
                time.sleep(LOOK_EVERY)  # Python goes on sleeping after a signal
            self._waits = min(self._waits * 2, AGAIN_MOST)
            if not self._stopping:
                self._start(number, shared)

    def _stop(self, number: int, _frame: FrameType | None) -> None:
        self._stopping = True
        for pid in list(self._alive):
            with contextlib.suppress(ProcessLookupError):  # it has just ended
                os.kill(pid, number)
