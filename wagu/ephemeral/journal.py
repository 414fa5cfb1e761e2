"""An append-only file of lines, so that `kill -9` loses nothing that was acknowledged.

Each line reaches the kernel (write, no fsync) before its caller goes on: a killed process loses
nothing; a power cut may lose the last seconds, which suits sessions, chat and votes.
The file holds hashes of session tokens and links of rooms: its mode is 0600.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog

from wagu.ephemeral.store import unavailable

log = structlog.get_logger("wagu.ephemeral.journal")

FILE = "ephemeral.journal"

REWRITE_ABOVE = 8 * 1024 * 1024
"""Bytes. A file of this size is replayed in well under half a second."""


PIECE = 16 * 1024
"""Bytes of lines between two writes of a rewrite: about a millisecond of encoding."""
CHUNK = 1024 * 1024


class DataDirectoryInUse(RuntimeError):
    """Another process keeps its journal in this directory."""


@contextmanager
def alone(data_dir: Path) -> Iterator[None]:
    """No server keeps its journal in this folder while the block runs. Raises
    DataDirectoryInUse."""
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = _locked((data_dir / FILE).with_suffix(".lock"))
    try:
        yield
    finally:
        os.close(lock)


class Successor:
    """The file that will take the journal's place. `carried` is how much of the journal it says."""

    def __init__(self, path: Path, carried: int) -> None:
        self.path = path
        self.carried = carried
        path.unlink(missing_ok=True)
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND
        self.file = os.open(path, flags, 0o600)

    def write(self, lines: Iterable[bytes]) -> None:
        """In small pieces: each write lets other threads run."""
        piece = bytearray()
        for line in lines:
            piece += line
            piece += b"\n"
            if len(piece) >= PIECE:
                _write_all(self.file, piece)
                piece.clear()
        _write_all(self.file, piece)

    def discard(self) -> None:
        os.close(self.file)
        self.path.unlink(missing_ok=True)


class Journal:
    def __init__(self, path: Path, rewrite_above: int = REWRITE_ABOVE) -> None:
        self._path = path
        self._rewrite_above = rewrite_above
        self._rewritten_size = 0
        self._size = 0
        self._file = -1
        self._old = -1
        self._lock = -1

    def open(self, replay: Callable[[bytes], None]) -> None:
        """Hand every whole line to `replay`. `rewrite` has to follow before the first `write`."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = _locked(self._path.with_suffix(".lock"))
        unreadable = 0
        for line in _whole_lines(self._path):
            try:
                replay(line)
            except ValueError:
                unreadable += 1
        if unreadable:
            log.warning("x dropped: unreadable journal lines", lines=unreadable)

    def rewrite(self, lines: Iterable[bytes]) -> None:
        """Replace the file by these lines at once, or not at all; nobody writes meanwhile."""
        successor = self.begin()
        self.fill(successor, lines)
        self.switch(successor)
        self.release()

    def begin(self) -> Successor:
        """Its lines have to say what the journal says at this moment; what is written from now on
        goes on into the journal, and is carried over."""
        return Successor(self._path.with_suffix(".new"), self._size)

    def fill(self, successor: Successor, lines: Iterable[bytes]) -> None:
        """Slow, and made for a worker thread: `write` may be called meanwhile. On an error the
        successor is gone."""
        try:
            successor.write(lines)
            self._carry(successor)
            os.fsync(successor.file)
            self._carry(successor)  # what came during the sync, so that `switch` has little to do
        except BaseException:
            successor.discard()
            raise

    def switch(self, successor: Successor) -> None:
        """Carry over the rest and take its place, atomically; on an error the old file stays.
        `release` has to follow."""
        try:
            self._carry(successor)
            successor.path.rename(self._path)
        except BaseException:
            successor.discard()
            raise
        self._old, self._file = self._file, successor.file
        self._size = self._rewritten_size = os.fstat(self._file).st_size

    def release(self) -> None:
        """Close the old file: its blocks are freed, which may take long. For a worker thread."""
        old, self._old = self._old, -1
        if old >= 0:
            os.close(old)

    def _carry(self, successor: Successor) -> None:
        """Whole lines only: `_size` counts what was written completely."""
        while successor.carried < (size := self._size):
            some = os.pread(self._file, min(CHUNK, size - successor.carried), successor.carried)
            if not some:
                raise OSError("the journal is shorter than it was")
            _write_all(successor.file, some)
            successor.carried += len(some)

    @property
    def wants_rewrite(self) -> bool:
        """Grown past the bound and to twice what a rewrite would leave."""
        return self._size > max(self._rewrite_above, 2 * self._rewritten_size)

    def postpone_rewrite(self) -> None:
        """Until the file has doubled once more."""
        self._rewritten_size = self._size

    def write(self, line: bytes) -> None:
        """Errors: Unavailable store.unavailable, and then the file is as it was."""
        data = line + b"\n"
        try:
            written = os.write(self._file, data)
            if written != len(data):
                raise OSError("short write")
        except OSError as wrong:
            if self._file >= 0:
                os.ftruncate(self._file, self._size)
            log.error("x dropped: journal write", error=str(wrong))
            raise unavailable() from wrong
        self._size += written

    def close(self) -> None:
        """Idempotent."""
        self._close_file()
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def _close_file(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


def _write_all(file: int, data: bytes | bytearray) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(file, rest) :]


def _locked(path: Path) -> int:
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(file)
        raise DataDirectoryInUse(f"another wagu uses {path.parent}") from None
    return file


def _whole_lines(path: Path) -> Iterator[bytes]:
    """A last line without its end was torn by a crash, and nobody was told it was written."""
    if not path.exists():
        return
    with path.open("rb") as file:
        for line in file:
            if line.endswith(b"\n"):
                yield line[:-1]
