"""A real server for a bench: `wagu serve` on a free port, with a database of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benches.machine import let_helpers_wait

ROOT = Path(__file__).resolve().parents[2]
READY_WITHIN = 60.0  # seconds


@dataclass(frozen=True, slots=True)
class Site:
    url: str
    pid: int


@contextmanager
def serving(data_dir: Path, *, under: Sequence[str] = (), **settings: str) -> Iterator[Site]:
    """Stopped at the end. Its log is in the data directory; `under` stands before the command."""
    port = free_port()
    environment = os.environ | {
        "WAGU_HOST": "127.0.0.1",
        "WAGU_PORT": str(port),
        "WAGU_DATA_DIR": str(data_dir),
        "WAGU_RATE_LIMITS": "off",
        "WAGU_MEDIA_ADDRESSES": "127.0.0.1",
        "WAGU_LOG_FORMAT": "json",
        **settings,
    }
    url = f"http://127.0.0.1:{port}"
    command = [*under, sys.executable, "-m", "wagu", "serve"]
    with (data_dir / "log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        wait_for(f"{url}/readyz", process)
        let_helpers_wait(process.pid)
        yield Site(url, process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def pinned(core: int) -> list[str]:
    """What stands before a command that shall stay on one core."""
    return ["taskset", "--cpu-list", str(core)]


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    """Until it answers. Raises RuntimeError."""
    deadline = time.monotonic() + READY_WITHIN
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except (OSError, urllib.error.URLError):
            time.sleep(0.01)
    raise RuntimeError(f"{url} does not answer within {READY_WITHIN:g} s")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
