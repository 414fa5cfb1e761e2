"""Photos of dishes, drawn: JPEG files with EXIF where a test wants them to know a place."""

from __future__ import annotations

import io
import random

from PIL import Image, ImageDraw, ImageFilter
from playwright.async_api import FilePayload

SIZE = (1600, 1200)
GPS, LATITUDE_REF, LATITUDE, LONGITUDE_REF, LONGITUDE = 0x8825, 1, 2, 3, 4


def dish(number: int, at: tuple[float, float] | None = None) -> FilePayload:
    """The same for the same number; noise gives it the weight of a real photo."""
    chance = random.Random(number)
    width, height = SIZE
    image = Image.new("RGB", SIZE, (120 + chance.randrange(60), 78, 44))
    draw = ImageDraw.Draw(image)
    broth = (chance.randrange(150, 230), chance.randrange(80, 170), chance.randrange(30, 80))
    for radius, colour in ((500, (238, 234, 226)), (415, broth)):
        x, y = width // 2, height // 2
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)
    for _ in range(40):
        x, y = chance.randrange(560, 1040), chance.randrange(400, 800)
        size = chance.randrange(20, 90)
        colour = tuple(min(255, max(0, one + chance.randrange(-60, 60))) for one in broth)
        draw.ellipse((x - size, y - size // 2, x + size, y + size // 2), fill=colour)
    image = image.filter(ImageFilter.GaussianBlur(2))
    grain = Image.frombytes("L", (width // 2, height // 2), chance.randbytes(width * height // 4))
    image.paste((255, 245, 235), mask=grain.resize(SIZE).point([one // 10 for one in range(256)]))
    return {"name": f"IMG_{number:04}.JPG", "mimeType": "image/jpeg", "buffer": _jpeg(image, at)}


def no_photo() -> FilePayload:
    """A text that calls itself a photo."""
    return {"name": "menu.jpg", "mimeType": "image/jpeg", "buffer": "물냉면 12,000".encode()}


def _jpeg(image: Image.Image, at: tuple[float, float] | None) -> bytes:
    exif = Image.Exif()
    if at is not None:
        place = exif.get_ifd(GPS)
        place[LATITUDE_REF], place[LATITUDE] = "N", _degrees(at[0])
        place[LONGITUDE_REF], place[LONGITUDE] = "E", _degrees(at[1])
    file = io.BytesIO()
    image.save(file, "JPEG", quality=88, exif=exif)
    return file.getvalue()


def _degrees(value: float) -> tuple[float, float, float]:
    return float(int(value)), 0.0, round((value - int(value)) * 3600, 3)
