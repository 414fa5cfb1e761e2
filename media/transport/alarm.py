"""A timer that knows microseconds. uvloop's count milliseconds from the beginning of a round of the
loop, and twice a millisecond is what a packet may wait.

timerfd_create(2), which the loop watches as it does a socket. Elsewhere than on Linux it is the
loop's own timer.
"""

from __future__ import annotations

import asyncio
import os
import sys
from array import array
from collections.abc import Callable
from typing import Any

from cffi import FFI

_CLOCK_MONOTONIC = 1
_system = FFI()
_system.cdef("""
    int timerfd_create(int clock, int flags);
    int timerfd_settime(int fd, int flags, const void *new_value, void *old_value);
""")


class Alarm:
    """Calls `ring` once for each `set`. Needs a running loop; `close` it."""

    def __init__(self, ring: Callable[[], None]) -> None:
        self.pending = False
        self._ring = ring
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._descriptor = _create()
        # struct itimerspec, of four long: an interval that is none, and the time until then.
        self._time = array("l", [0, 0, 0, 0])
        self._place: Any = _system.from_buffer(self._time)
        if self._descriptor >= 0:
            self._loop.add_reader(self._descriptor, self._wake)

    def set(self, seconds: float) -> None:
        """In so many seconds, more than 0; instead of what was set before."""
        self._forget()
        self.pending = True
        if self._descriptor >= 0:
            self._settle(max(1, int(seconds * 1e9)))
        else:
            self._timer = self._loop.call_later(seconds, self._wake)

    def cancel(self) -> None:
        """Idempotent."""
        if self.pending:
            self._forget()
            self.pending = False
            if self._descriptor >= 0:
                self._settle(0)

    def close(self) -> None:
        """Idempotent."""
        self.cancel()
        if self._descriptor >= 0:
            self._loop.remove_reader(self._descriptor)
            os.close(self._descriptor)
            self._descriptor = -1

    def _wake(self) -> None:
        if not self.pending:  # cancelled in the same round of the loop, and not set anew in it
            return
        self.pending, self._timer = False, None
        try:
            self._ring()
        finally:
            # Setting it is what makes a descriptor that rang quiet again.
            if not self.pending and self._descriptor >= 0:
                self._settle(0)

    def _settle(self, nanoseconds: int) -> None:
        self._time[2:] = array("l", divmod(nanoseconds, 1_000_000_000))
        _libc.timerfd_settime(self._descriptor, 0, self._place, _system.NULL)

    def _forget(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


_libc: Any = _system.dlopen(None) if sys.platform == "linux" else None


def _create() -> int:
    """A descriptor, −1 where there are none."""
    if _libc is None:
        return -1
    flags = os.O_NONBLOCK | os.O_CLOEXEC  # the values of TFD_NONBLOCK and TFD_CLOEXEC
    return int(_libc.timerfd_create(_CLOCK_MONOTONIC, flags))
