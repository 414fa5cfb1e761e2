"""What else the machine does meanwhile: a stall is ours only where nobody else was at work."""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


class Others:
    """Processor time that neither we nor our child processes used, since this was made."""

    def __init__(self) -> None:
        self._begun = time.perf_counter()
        self._busy, self._ours = _busy(), _ours()

    def share(self) -> float:
        """Of all cores, 0 to 1."""
        passed = (time.perf_counter() - self._begun) * (os.cpu_count() or 1)
        return max(0.0, (_busy() - self._busy) - (_ours() - self._ours)) / passed


def wait_until_quiet(seconds: float, share: float = 0.1) -> None:
    """Until the others use little, or `seconds` are over."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        others = Others()
        time.sleep(0.5)
        if others.share() < share:
            return


REALTIME = "Run before all else that is here; needs root."


def go_first() -> None:
    """This process and those it starts run before all others, so that a busy machine spoils no
    waiting times. What they cost is the same either way, but for colder caches."""
    os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))


def let_helpers_wait(pid: int) -> None:
    """Of a server that goes first its main thread does so alone, which is the loop: its other
    threads, and what it starts from now on, take their turns as usual. Else they would keep a core
    for 100 ms at a time, though the loop is woken."""
    for task in Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(OSError):  # gone meanwhile
            if int(task.name) != pid:
                os.sched_setscheduler(int(task.name), os.SCHED_OTHER, os.sched_param(0))
    policy, parameter = os.sched_getscheduler(pid), os.sched_getparam(pid)
    os.sched_setscheduler(pid, policy | os.SCHED_RESET_ON_FORK, parameter)


def _busy() -> float:
    """Seconds of all processors, all processes; stolen ones too."""
    user, nice, system, _, _, irq, softirq, steal = map(
        int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]
    )
    return (user + nice + system + irq + softirq + steal) / TICKS


def _ours() -> float:
    total = 0.0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # gone meanwhile
        parent, pid = int(fields[1]), int(stat.parent.name)
        if os.getpid() in (pid, parent):
            total += (int(fields[11]) + int(fields[12])) / TICKS
    return total
