"""The password of the bell at the media port (`media.transport.bell`), for who owns the
folder: `wagu doctor` asks with it whether the server that runs can be reached. A new one with each
start."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

FILE = "bell"


class Bell:
    def __init__(self, data_dir: Path) -> None:
        self.password = secrets.token_urlsafe(24)
        self._file = data_dir / FILE

    def hang(self) -> None:
        """Once the port is open. The file is for nobody else's eyes."""
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file.unlink(missing_ok=True)
        handle = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(self.password)

    def take_down(self) -> None:
        self._file.unlink(missing_ok=True)


def password_of(data_dir: Path) -> str | None:
    """Of the server that uses this folder; None when none does. Raises OSError."""
    try:
        return (data_dir / FILE).read_text()
    except FileNotFoundError:
        return None
