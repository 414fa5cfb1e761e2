"""What a single setting has to look like. Each raises ValueError with the end of a sentence that
begins with the setting's name."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

PMTILES_3, PMTILES_HEADER, PMTILES_TYPE, VECTOR = b"PMTiles\x03", 127, 99, 1
"""How an archive begins, how long its header is, and what it says about its tiles where."""


def origin(value: str | None) -> str | None:
    if value is None:
        return None
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must look like https://wagu.example.org")
    if parts.path.strip("/") or parts.query or parts.fragment or parts.username:
        raise ValueError("must be an origin, without a path")
    return f"{parts.scheme}://{parts.netloc}"


def address(value: str | None) -> str | None:
    if value is None:
        return None
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must look like https://host/path")
    if parts.query or parts.fragment or parts.username or parts.password:
        raise ValueError("must have neither a password nor a query")
    return value.rstrip("/")


def tiles(value: str | None) -> str | None:
    if value is None:
        return None
    if not value.startswith(("http://", "https://", "/")):
        raise ValueError("must look like https://host/{z}/{x}/{y}.png")
    if not all(part in value for part in ("{z}", "{x}", "{y}")):
        raise ValueError("must contain {z}, {x} and {y}")
    return value


def archive(value: Path | None) -> Path | None:
    if value is None:
        return None
    header = beginning(value, PMTILES_HEADER)
    if len(header) < PMTILES_HEADER or not header.startswith(PMTILES_3):
        raise ValueError("is no PMTiles archive of version 3")
    if header[PMTILES_TYPE] != VECTOR:
        raise ValueError("has pictures inside, and only vector tiles are drawn from a file")
    return value


def beginning(file: Path, size: int) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(size)
    except OSError:
        raise ValueError("is not a file that can be read") from None
