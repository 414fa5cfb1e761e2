"""Servers without two seconds of imports each: a process that has imported all of wagu forks them.

Started with the first server of a test worker; tests.zygote_process is what it runs.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
UP_WITHIN = 60.0


class Forked:
    """One server, to be treated like a subprocess.Popen."""

    def __init__(self, connection: socket.socket, command: dict[str, Any]) -> None:
        self.returncode: int | None = None
        self._lines = connection.makefile("r")
        self._connection = connection
        connection.sendall(json.dumps(command).encode() + b"\n")
        self.pid: int = json.loads(self._lines.readline())["pid"]

    def poll(self) -> int | None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        if self.returncode is None:
            if not select.select([self._connection], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired("wagu", timeout or 0)
            self.returncode = int(json.loads(self._lines.readline())["code"])
            self._connection.close()
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class Zygote:
    """The process that forks; started with the first server."""

    def __init__(self, folder: Path) -> None:
        self._address = str(folder / "z")
        self._process: subprocess.Popen[bytes] | None = None

    def fork(self, arguments: list[str], environment: dict[str, str], log: Path) -> Forked:
        if self._process is None:
            command = [sys.executable, "-m", "tests.zygote_process", self._address]
            self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE)
        order = {"arguments": arguments, "environment": environment, "log": str(log)}
        return Forked(self._connect(), order)

    def _connect(self) -> socket.socket:
        deadline = time.monotonic() + UP_WITHIN
        while True:
            connection = socket.socket(socket.AF_UNIX)
            try:
                connection.connect(self._address)
            except OSError:
                connection.close()
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.02)
            else:
                return connection

    def close(self) -> None:
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
            self._process.wait()
