"""Processor time of a server and its children: what an answer costs, on a busy machine too."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def used(*roots: int) -> float:
    """Seconds so far of these processes and of all that came from them; not of those that ended."""
    processes = dict(_processes())
    ours, more = set(roots), True
    while more:
        found = {pid for pid, (parent, _) in processes.items() if parent in ours} - ours
        ours |= found
        more = bool(found)
    return sum(processes[pid][1] for pid in ours if pid in processes)


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of one process: of processors, of these in the kernel, and of waiting for one while
    its threads could have run."""

    all: float
    kernel: float
    waited: float

    @classmethod
    def by(cls, pid: int) -> Spent:
        """So far, without threads that ended. The kernel measures the whole and the wait; what was
        its own part it samples at its ticks, which work in step with them deceives."""
        tasks = [task.read_text().split() for task in Path(f"/proc/{pid}/task").glob("*/schedstat")]
        ran, waited = (sum(int(task[n]) for task in tasks) / 1e9 for n in (0, 1))
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return cls(ran, int(fields[12]) / TICKS, waited)

    def since(self, before: Spent) -> Spent:
        kernel = self.kernel - before.kernel
        return Spent(self.all - before.all, kernel, self.waited - before.waited)


def memory(pid: int) -> int:
    """Bytes that are resident."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def busy() -> float:
    """Seconds of all processors, all processes; stolen ones too."""
    first = Path("/proc/stat").read_text().split("\n", 1)[0]
    user, nice, system, _, _, irq, softirq, steal = map(int, first.split()[1:9])
    return (user + nice + system + irq + softirq + steal) / TICKS


def _processes() -> list[tuple[int, tuple[int, float]]]:
    """Process, its parent, and its seconds."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # gone meanwhile
        used = (int(fields[11]) + int(fields[12])) / TICKS
        found.append((int(stat.parent.name), (int(fields[1]), used)))
    return found
