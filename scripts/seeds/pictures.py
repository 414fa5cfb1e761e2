"""Pictures for invented meals: a plate on a table, each of other colours."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from random import Random

from PIL import Image, ImageDraw, ImageFilter

from wagu.images.photos import Photos
from wagu.objects import Place

SIZE = (1200, 900)


async def keep(data_dir: Path, count: int, told: Callable[[], None]) -> list[str]:
    """Their digests; `told` is called after each."""
    photos = Photos.open(Place(data_dir), data_dir / "scratch")
    await photos.start()
    digests: list[str] = []
    try:
        for number in range(count):
            digests.append((await photos.add(draw(number))).digest)
            told()
    finally:
        await photos.close()
    return digests


def draw(number: int) -> bytes:
    chance = Random(f"picture {number}")
    image = Image.new("RGB", SIZE, _colour(chance, 60, 150))
    pen = ImageDraw.Draw(image)
    pen.ellipse((150, 50, 1050, 850), fill=(245, 242, 235))
    pen.ellipse((220, 115, 980, 785), fill=_colour(chance, 90, 235))
    for _ in range(60):
        x, y, side = chance.randint(300, 850), chance.randint(200, 650), chance.randint(20, 90)
        pen.ellipse((x, y, x + side, y + side * 0.7), fill=_colour(chance, 60, 255))
    made = BytesIO()
    image.filter(ImageFilter.GaussianBlur(3)).save(made, "JPEG", quality=85)
    return made.getvalue()


def _colour(chance: Random, low: int, high: int) -> tuple[int, int, int]:
    return (chance.randint(low, high), chance.randint(low, high) * 3 // 4, chance.randint(20, 120))
