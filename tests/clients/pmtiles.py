"""A map of the world in a small file: a PMTiles archive (specification v3), all land.

Written by hand, so that the reader is proven on bytes that it did not make itself.
"""

from __future__ import annotations

import json
import struct
from pathlib import Path

MVT, PNG = 1, 2
EXTENT = 4096
HEADER = struct.Struct("<7sB11Q6BiiiiBii")
EVERYWHERE = (-180_0000000, -85_0000000, 180_0000000, 85_0000000)


def write(path: Path, tile_type: int = MVT) -> Path:
    """The archive, with level 1 alone: one tile that is there four times."""
    tile, metadata = _land(), json.dumps({"vector_layers": [{"id": "earth", "fields": {}}]})
    root = b"".join(map(_varint, (1, 1, 4, len(tile), 1)))  # one entry: id, run, length, offset + 1
    root_at = HEADER.size
    metadata_at = root_at + len(root)
    tile_at = metadata_at + len(metadata)
    header = HEADER.pack(
        b"PMTiles",
        3,
        *(root_at, len(root), metadata_at, len(metadata), tile_at, 0, tile_at, len(tile)),
        *(4, 1, 1),  # tiles addressed, entries, contents
        *(1, 1, 1, tile_type, 1, 1),  # clustered; nothing compressed, twice; type; zoom from, to
        *EVERYWHERE,
        *(0, 0, 0),  # where to look first
    )
    path.write_bytes(header + root + metadata.encode() + tile)
    return path


def _land() -> bytes:
    """A vector tile (version 2.1): one layer, one polygon that fills it."""
    square = (
        *_command("move", 1),
        *(0, 0),
        *_command("line", 3),
        *(_zigzag(EXTENT), 0, 0, _zigzag(EXTENT), _zigzag(-EXTENT), 0),
        *_command("close", 1),
    )
    polygon = _number(3, 3) + _text(4, b"".join(map(_varint, square)))
    layer = _text(1, b"earth") + _text(2, polygon) + _number(5, EXTENT) + _number(15, 2)
    return _text(3, layer)


def _command(name: str, count: int) -> tuple[int]:
    return ({"move": 1, "line": 2, "close": 7}[name] | count << 3,)


def _zigzag(number: int) -> int:
    return number << 1 ^ number >> 31


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _text(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    done = bytearray()
    while value > 0x7F:
        done.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*done, value])
