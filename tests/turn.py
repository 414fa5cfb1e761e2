"""A real TURN server for tests: coturn on a port of its own, with a secret that it shares."""

from __future__ import annotations

import socket
import subprocess
from pathlib import Path

SECRET = "a secret of two servers"
REALM = "wagu.test"


class Coturn:
    """Listens on 127.0.0.1 and relays to it, as everything in a test is there. `start`, `close`."""

    def __init__(self, program: str, port: int, folder: Path) -> None:
        self.port = port
        self.url = f"turn:127.0.0.1:{port}"
        self._command = [
            program,
            "-n",  # no configuration but this
            "--use-auth-secret",
            f"--static-auth-secret={SECRET}",
            f"--realm={REALM}",
            "--listening-ip=127.0.0.1",
            f"--listening-port={port}",
            "--relay-ip=127.0.0.1",
            "--allow-loopback-peers",
            "--no-cli",
            "--no-tls",
            "--no-dtls",
            f"--pidfile={folder / 'turn.pid'}",
            f"--userdb={folder / 'turn.db'}",
            "--log-file=stdout",
        ]
        self._log = folder / "turn.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def settings(self) -> dict[str, str]:
        """What a server of ours needs to know of it."""
        return {"WAGU_TURN_URLS": self.url, "WAGU_TURN_SECRET": SECRET}

    def start(self) -> None:
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(self._command, stdout=log, stderr=log)

    def answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True

    def close(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
