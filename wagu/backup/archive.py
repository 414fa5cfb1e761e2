"""The file of a backup: a tar that says first what it is and last the SHA-256 of all it holds.

wagu-backup.json   format, product version, database engine and revision, when
database           SQLite's file, or pg_dump's custom format
objects/<path>     as they are in the store
sums.json          of each of these: bytes and SHA-256
"""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, Self

FORMAT = 1
HEAD, SUMS, DATABASE, OBJECTS = "wagu-backup.json", "sums.json", "database", "objects/"
PIECE = 1 << 20


class Damaged(Exception):
    """Not a backup, or not all of it; the text says what is wrong in one line."""


@dataclass(frozen=True, slots=True)
class Head:
    """`engine`: sqlite or postgresql; `made_at` in ISO 8601, UTC."""

    version: str
    engine: str
    revision: str
    made_at: str
    format: int = FORMAT


@dataclass(frozen=True, slots=True)
class Sum:
    size: int
    sha256: str


class Writer:
    """`add` and `add_file`, then `close`; without `close` it is no backup."""

    def __init__(self, file: IO[bytes], head: Head) -> None:
        self._tar = tarfile.open(mode="w|", fileobj=file)  # noqa: SIM115 - closed in `close`
        self._sums: dict[str, Sum] = {}
        self.add(HEAD, json.dumps(asdict(head)).encode())

    def add(self, name: str, content: bytes) -> None:
        self._add(name, io.BytesIO(content), len(content))

    def add_file(self, name: str, path: Path) -> None:
        with path.open("rb") as file:
            self._add(name, file, path.stat().st_size)

    def close(self) -> None:
        sums = {name: asdict(each) for name, each in self._sums.items()}
        self._add(SUMS, io.BytesIO(content := json.dumps(sums).encode()), len(content))
        self._tar.close()

    def _add(self, name: str, file: IO[bytes], size: int) -> None:
        entry = tarfile.TarInfo(name)
        entry.size = size
        entry.mode = 0o600
        hashing = _Hashing(file)
        self._tar.addfile(entry, hashing)
        self._sums[name] = Sum(size, hashing.sha256.hexdigest())


class Backup:
    """One that was read to its end and is whole: `Backup.open` raises Damaged."""

    def __init__(self, path: Path, head: Head, sums: dict[str, Sum]) -> None:
        self.path = path
        self.head = head
        self.sums = sums

    @classmethod
    def open(cls, path: Path, read: Callable[[int], None] = lambda _: None) -> Self:
        """`read` is told of the bytes that were looked at."""
        found: dict[str, Sum] = {}
        head: dict[str, Any] = {}
        promised: dict[str, Any] = {}
        try:
            for name, file in _members(path):
                hashing = _Hashing(file)
                content = bytearray()
                while piece := hashing.read(PIECE):
                    read(len(piece))
                    if name in (HEAD, SUMS):
                        content += piece
                if name == HEAD:
                    head = json.loads(content)
                if name == SUMS:
                    promised = json.loads(content)
                else:
                    found[name] = Sum(hashing.size, hashing.sha256.hexdigest())
        except (tarfile.TarError, ValueError) as error:
            raise Damaged(f"{path} cannot be read: {error}") from error
        if not head or not promised:
            raise Damaged(f"{path} is no backup, or its end is missing")
        if head.get("format") != FORMAT:
            raise Damaged(f"{path} was made by another version of Wagu Book")
        sums = {name: Sum(**each) for name, each in promised.items()}
        if wrong := sorted(name for name in sums if sums[name] != found.get(name)):
            raise Damaged(
                f"{path} is damaged: {wrong[0]} is not as made, and {len(wrong) - 1} more"
            )
        return cls(path, Head(**head), sums)

    def objects(self) -> Iterator[tuple[str, bytes]]:
        """(path in the store, content)"""
        for name, file in _members(self.path):
            if name.startswith(OBJECTS) and name in self.sums:
                yield name.removeprefix(OBJECTS), file.read()

    def extract_database(self, to: Path) -> None:
        for name, file in _members(self.path):
            if name == DATABASE:
                with to.open("wb") as made:
                    while piece := file.read(PIECE):
                        made.write(piece)


class _Hashing:
    """Reads, and hashes what was read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.sha256 = hashlib.sha256()
        self.size = 0

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        self.sha256.update(piece)
        self.size += len(piece)
        return piece


def _members(path: Path) -> Iterator[tuple[str, IO[bytes]]]:
    with tarfile.open(path, "r|") as tar:
        for entry in tar:
            file = tar.extractfile(entry)
            if file is not None:
                yield entry.name, file
