"""A real Redis on a port of its own, which a test may kill and start again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

MakeRedis = Callable[..., "OwnRedis"]


class OwnRedis:
    """Keeps nothing when it is killed, or with `persists` all that it has acknowledged."""

    def __init__(self, program: str, port: int, folder: Path, *, persists: bool) -> None:
        self.port = port
        self.url = f"redis://127.0.0.1:{port}/0"
        self._log = folder / "redis.log"
        kept = ["--appendonly", "yes", "--appendfsync", "always"] if persists else []
        self._command = [
            program,
            *("--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder)),
            *("--logfile", str(self._log), "--save", "", *kept),
        ]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns when it answers."""
        self._log.write_bytes(b"")
        self._process = subprocess.Popen(self._command)
        while b"Ready to accept connections" not in self._log.read_bytes():
            assert self._process.poll() is None, self._log.read_text()
            time.sleep(0.01)

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def log(self) -> str:
        """Since it was started last."""
        return self._log.read_text()

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def freeze(self) -> None:
        """It neither answers nor hangs up, until it is killed or thawed."""
        os.kill(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    def empty(self) -> None:
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            connection.sendall(b"FLUSHALL\r\n")
            assert connection.recv(64) == b"+OK\r\n"
