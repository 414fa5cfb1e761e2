"""The data folder: may we write there, and how much fits."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from wagu.doctor.finding import Finding, ok, problem, warning

GIB = 1024**3
LITTLE, NONE = 2 * GIB, GIB // 5
"""A recorded live takes about 1 GB an hour; SQLite and the journal need room to write at all."""


def check(folder: Path) -> list[Finding]:
    place = _existing(folder.resolve())
    if not place.is_dir():
        return [problem("folder", f"{place} is no folder", "Choose another with WAGU_DATA_DIR.")]
    if not _writable(place):
        advice = f"Let user {os.getuid()} write there, or choose another with WAGU_DATA_DIR."
        return [problem("folder", f"{place} cannot be written", advice)]
    free = shutil.disk_usage(place).free
    return [_space(folder, free)]


def _space(folder: Path, free: int) -> Finding:
    text = f"{folder} can be written, {free / GIB:.1f} GiB are free"
    if free < NONE:
        return problem("folder", text, "Make room: soon nothing can be saved.")
    if free < LITTLE:
        return warning("folder", text, "Make room, or switch recordings off: WAGU_RECORDING=off.")
    return ok("folder", text)


def _existing(folder: Path) -> Path:
    """The folder, or where the first start will make it."""
    while not folder.exists():
        folder = folder.parent
    return folder


def _writable(folder: Path) -> bool:
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False
