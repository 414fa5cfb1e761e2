"""Photos made on the spot: every format, every kind of metadata, nothing from anybody's camera.

picture   draws one: four corners of different colours, so that a turn or a flip shows
encode    picture → file content, with EXIF, ICC profile and whatever the format takes
exif      EXIF with an orientation, a position and names that must not get out
upload    content → a file
until     waits for a condition
p3, srgb, swapped   ICC profiles, written tag by tag
"""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Awaitable, Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pillow_heif
import pytest
from PIL import ExifTags, Image

from wagu.images.check import prepare_decoders

Encode = Callable[..., bytes]

WITHIN = 30.0  # seconds; only a failing test waits that long
RED, GREEN, BLUE, GREY = (220, 40, 30), (40, 180, 60), (30, 60, 210), (128, 128, 128)
SEOUL = (37.5665, 126.978)

OPTIONS: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 95},
    "MPO": {"quality": 95, "save_all": True},
    "PNG": {},
    "WEBP": {"quality": 95},
    "AVIF": {"quality": 95, "speed": 8},
    "GIF": {},
    "HEIF": {"quality": 95},
}


@pytest.fixture(autouse=True, scope="session")
def decoders() -> None:
    prepare_decoders()


@pytest.fixture(scope="session")
def picture() -> Callable[..., Image.Image]:
    """`picture()`, `picture((320, 200))`: quarters in red, green, blue and grey."""

    def draw(size: tuple[int, int] = (96, 64)) -> Image.Image:
        quarters = Image.new("RGB", (2, 2))
        for place, colour in enumerate((RED, GREEN, BLUE, GREY)):
            quarters.putpixel((place % 2, place // 2), colour)
        return quarters.resize(size, Image.Resampling.NEAREST)

    return draw


@pytest.fixture(scope="session")
def encode() -> Encode:
    """The product never writes HEIF; here that is how a phone's photo is made."""

    def file(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
        out = BytesIO()
        options = OPTIONS[kind] | options
        if kind == "HEIF":
            pillow_heif.from_pillow(image).save(out, **options)
        elif kind == "MPO":
            image.save(out, kind, append_images=[image.rotate(180)], **options)
        else:
            image.save(out, kind, **options)
        return out.getvalue()

    return file


@pytest.fixture(scope="session")
def exif() -> Callable[..., bytes]:
    """`exif(orientation=6, at=(37.5, 127.0))` as bytes."""

    def build(orientation: int = 1, at: tuple[float, float] | None = SEOUL) -> bytes:
        tags = Image.Exif()
        tags[ExifTags.Base.Orientation] = orientation
        tags[ExifTags.Base.Make] = "SecretCamera"
        tags[ExifTags.Base.Artist] = "Somebody"
        if at is not None:
            gps = tags.get_ifd(ExifTags.IFD.GPSInfo)
            gps.update(position(*at))
        return tags.tobytes()

    return build


def position(lat: float, lng: float) -> dict[int, Any]:
    return {
        ExifTags.GPS.GPSLatitudeRef: "N" if lat >= 0 else "S",
        ExifTags.GPS.GPSLatitude: parts(abs(lat)),
        ExifTags.GPS.GPSLongitudeRef: "E" if lng >= 0 else "W",
        ExifTags.GPS.GPSLongitude: parts(abs(lng)),
    }


def parts(degrees: float) -> tuple[float, float, float]:
    whole = int(degrees)
    minutes = int((degrees - whole) * 60)
    return float(whole), float(minutes), round((degrees - whole - minutes / 60) * 3600, 4)


@pytest.fixture
def upload(tmp_path: Path) -> Callable[[bytes], Path]:
    """Content → a file with a name that tells nothing."""

    def write(content: bytes) -> Path:
        path = tmp_path / "upload.txt"
        path.write_bytes(content)
        return path

    return write


@pytest.fixture(scope="session")
def until() -> Callable[[Callable[[], object]], Awaitable[None]]:
    """Let the loop run until a condition holds."""

    async def wait(condition: Callable[[], object]) -> None:
        async with asyncio.timeout(WITHIN):
            while True:
                if condition():
                    return
                await asyncio.sleep(0.002)

    return wait


@pytest.fixture(scope="session")
def p3() -> bytes:
    """An ICC profile for Display P3, as phones embed, written from its published primaries."""
    return icc_profile(
        red=(0.51512, 0.24120, -0.00105),
        green=(0.29198, 0.69225, 0.04189),
        blue=(0.15710, 0.06657, 0.78407),
        gamma=SRGB_CURVE,
    )


@pytest.fixture(scope="session")
def swapped() -> bytes:
    """A profile in which red is green: whoever ignores it shows the wrong colours."""
    return icc_profile(
        red=(0.38515, 0.71687, 0.09708),
        green=(0.43607, 0.22249, 0.01392),
        blue=(0.14307, 0.06061, 0.71410),
        gamma=SRGB_CURVE,
    )


@pytest.fixture(scope="session")
def srgb() -> bytes:
    """sRGB under a name that says nothing."""
    return icc_profile(
        red=(0.43607, 0.22249, 0.01392),
        green=(0.38515, 0.71687, 0.09708),
        blue=(0.14307, 0.06061, 0.71410),
        gamma=SRGB_CURVE,
    )


SRGB_CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)


def icc_profile(
    red: tuple[float, ...],
    green: tuple[float, ...],
    blue: tuple[float, ...],
    gamma: tuple[float, ...],
    padding: int = 0,
) -> bytes:
    """A version 4 matrix profile (ICC.1:2022, section 8.4.3); `padding` makes it larger."""

    def fixed(*values: float) -> bytes:
        return b"".join(struct.pack(">i", round(value * 65536)) for value in values)

    text = "test".encode("utf-16-be")
    named = b"mluc\0\0\0\0" + struct.pack(">II2s2sII", 1, 12, b"en", b"US", len(text), 28) + text
    curve = b"para\0\0\0\0" + struct.pack(">HH", 3, 0) + fixed(*gamma)
    white = b"XYZ \0\0\0\0" + fixed(0.9642, 1.0, 0.8249)
    tags = {
        b"desc": named,
        b"cprt": named + b"\0" * padding,
        b"wtpt": white,
        b"rXYZ": b"XYZ \0\0\0\0" + fixed(*red),
        b"gXYZ": b"XYZ \0\0\0\0" + fixed(*green),
        b"bXYZ": b"XYZ \0\0\0\0" + fixed(*blue),
        b"rTRC": curve,
        b"gTRC": curve,
        b"bTRC": curve,
    }
    table, body = b"", b""
    start = 128 + 4 + 12 * len(tags)
    for signature, content in tags.items():
        table += signature + struct.pack(">II", start + len(body), len(content))
        body += content + b"\0" * (-len(content) % 4)
    head = struct.pack(
        ">I4sI4s4s4s", start + len(body), b"\0" * 4, 0x04300000, b"mntr", b"RGB ", b"XYZ "
    )
    head += struct.pack(">6H4s", 2026, 1, 1, 0, 0, 0, b"acsp") + b"\0" * 28
    head += fixed(0.9642, 1.0, 0.8249) + b"\0" * 48
    return head + struct.pack(">I", len(tags)) + table + body
