"""Photos as objects: `photos/<2 digits>/<digest>/<name>` in a folder, a bucket or memory.

obstore writes each object whole or not at all. On a local disk we also wait until it is on the disk
(obstore does not): a post must not outlive a power cut that its photo does not.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from wagu.images.errors import image_error
from wagu.images.sizes import Digest
from wagu.objects import Place

if TYPE_CHECKING:
    from obstore.store import ObjectStore

log = structlog.get_logger("wagu.images")

ROOT = "photos"
_DIGEST = re.compile(r"[0-9a-f]{64}")


class PhotoObjects:
    """Errors: image.unknown for what is not there, image.unavailable when the store fails."""

    def __init__(self, store: ObjectStore, folder: Path | None = None) -> None:
        """`folder` is where `store` keeps its objects, if that is a folder of this machine."""
        self._store = store
        self._folder = folder

    @classmethod
    def open(cls, place: Place) -> PhotoObjects:
        return cls(place.open(), place.folder)

    async def put(self, digest: Digest, name: str, file: Path) -> None:
        """Store a copy of `file`; what was there before is replaced."""
        path = _path(digest, name)
        async with _failures(path):
            # Not in parts: those that a cancelled upload leaves behind cost money on S3.
            await self._store.put_async(path, file, use_multipart=False)
            if self._folder is not None:
                await asyncio.to_thread(_sync, self._folder / path)

    async def get(self, digest: Digest, name: str) -> bytes:
        path = _path(digest, name)
        async with _failures(path):
            result = await self._store.get_async(path)
            return bytes(await result.bytes_async())

    async def exists(self, digest: Digest, name: str) -> bool:
        path = _path(digest, name)
        async with _failures(path):
            try:
                await self._store.head_async(path)
            except FileNotFoundError:
                return False
            return True

    async def delete(self, digest: Digest, name: str) -> None:
        """One object, if it is there."""
        path = _path(digest, name)
        async with _failures(path):
            with suppress(FileNotFoundError):
                await self._store.delete_async(path)

    async def forget(self, digest: Digest, first: str) -> None:
        """Everything of a photo, `first` first: once that is gone, nothing new is made of it."""
        await self.delete(digest, first)
        prefix = _path(digest, "")
        async with _failures(prefix):
            async for objects in self._store.list(prefix):
                await self._store.delete_async([found["path"] for found in objects])
        if self._folder is not None:
            # obstore does not list what a killed process was writing (`<name>#1`).
            left = self._folder / prefix
            await asyncio.to_thread(shutil.rmtree, left, ignore_errors=True)


def _path(digest: Digest, name: str) -> str:
    if not _DIGEST.fullmatch(digest):
        raise image_error("image.unknown")  # never a path of somebody's making
    return f"{ROOT}/{digest[:2]}/{digest}/{name}"


@asynccontextmanager
async def _failures(path: str) -> AsyncIterator[None]:
    from obstore.exceptions import BaseError  # noqa: PLC0415 - as in wagu.objects

    try:
        yield
    except FileNotFoundError:
        raise image_error("image.unknown") from None
    except (BaseError, OSError, ValueError) as error:
        log.error("x photo store", path=path, why=repr(error))
        raise image_error("image.unavailable") from error


def _sync(file: Path) -> None:
    """The file, and its name in the folders that may be new."""
    for path in (file, *file.parents[:4]):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
