"""A real server: its process, its log, and ways to hurt it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.zygote import Forked, Zygote

ROOT = Path(__file__).resolve().parent.parent
READY_WITHIN = 20.0  # seconds; a start takes under two, but a busy machine runs tests beside it
STOPPED_WITHIN = 10.0


def wait_until(condition: Callable[[], bool], within: float, what: str) -> None:
    """Return as soon as `condition()` is true; fail with `what` after `within` seconds."""
    deadline = time.monotonic() + within
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {within:g} s: {what}")
        time.sleep(0.02)


def end(process: subprocess.Popen[bytes] | Forked, within: float = STOPPED_WITHIN) -> int:
    """Ask a process to stop, insist after `within` seconds, and return its exit code."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(within)
        except subprocess.TimeoutExpired:
            process.kill()
    return process.wait()


class Server:
    """One `wagu serve` process: its address, its log, and ways to hurt it.

    All methods block; in a test that runs clients in the event loop use `asyncio.to_thread`.
    """

    def __init__(
        self,
        folder: Path,
        port: int,
        settings: dict[str, str],
        *,
        address: str = "127.0.0.1",
        inside: Sequence[str] = (),
        zygote: Zygote | None = None,
    ) -> None:
        """`inside` is written before the command (a network namespace, say). With a zygote it
        starts without importing anything."""
        self.port = port
        self.data_dir = folder / "data"
        self.log_file = folder / "log"
        self.url = f"http://{address}:{port}"
        self._inside = tuple(inside)
        self._zygote = zygote
        own = {name: text for name, text in os.environ.items() if not name.startswith("WAGU_")}
        self.environment = own | {
            "WAGU_HOST": address,
            "WAGU_PORT": str(port),
            "WAGU_DATA_DIR": str(self.data_dir),
            "WAGU_PUBLIC_URL": self.url,
            "WAGU_MEDIA_ADDRESSES": "127.0.0.1",
            **settings,
        }
        self.process: subprocess.Popen[bytes] | Forked | None = None

    @property
    def log(self) -> str:
        """Everything that was logged, over all restarts."""
        return self.log_file.read_text(errors="replace") if self.log_file.exists() else ""

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self, within: float = READY_WITHIN) -> float:
        """Start the process and wait for /readyz; returns the seconds that took."""
        return self._started(self._popen if self._zygote is None else self._fork, within)

    def start_whole(self, within: float = READY_WITHIN) -> float:
        """As a user does, with all that takes; what ran before is stopped first."""
        self.stop()
        return self._started(self._popen, within)

    def _started(
        self, start: Callable[[], subprocess.Popen[bytes] | Forked], within: float
    ) -> float:
        begun = time.monotonic()
        self.process = start()
        wait_until(lambda: not self.running or self.ready(), within, f"{self.url}/readyz")
        if not self.running:
            raise RuntimeError(f"wagu serve ended with {self.process.returncode}")
        return time.monotonic() - begun

    def _popen(self) -> subprocess.Popen[bytes]:
        with self.log_file.open("ab") as log:
            return subprocess.Popen(
                [*self._inside, sys.executable, "-m", "wagu", "serve"],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C on pytest reaches it through `stop` only
            )

    def _fork(self) -> Forked:
        assert self._zygote is not None
        return self._zygote.fork(["serve"], self.environment, self.log_file)

    def ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (OSError, urllib.error.URLError):
            return False

    def interrupt(self, within: float = STOPPED_WITHIN) -> float:
        """Press Ctrl-C; returns the seconds until it was gone, fails where it was not."""
        assert self.process is not None
        begun = time.monotonic()
        self.process.send_signal(signal.SIGINT)
        self.process.wait(within)
        return time.monotonic() - begun

    def kill(self) -> None:
        """Pull the plug: SIGKILL, no goodbye to anybody."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """End it politely; returns the exit code."""
        return end(self.process) if self.process else 0

    def restart(self) -> float:
        """Start again on the same port and data; returns the seconds until ready."""
        self.stop()
        return self.start()
