"""Ways to reduce a 12 MP JPEG to a rendition, compared in time and with two ideals: Lanczos over
all pixels as they are coded, and Lanczos over amounts of light (linear)."""

from __future__ import annotations

import time
from collections.abc import Callable
from io import BytesIO

import numpy as np
from PIL import Image

from benches.quality import psnr, ssim
from benches.scenes import SCENES
from wagu.images.sizes import SIDES

FROM = (4032, 3024)
TRIED = ("menu", "rice", "noodles", "cloth")
REPEATS = 3
LANCZOS, BOX = Image.Resampling.LANCZOS, Image.Resampling.BOX

Size = tuple[int, int]
Way = Callable[[bytes, Size], Image.Image]

TO_LIGHT = [
    (v / 255 / 12.92 if v <= 10 else ((v / 255 + 0.055) / 1.055) ** 2.4) * 65535 for v in range(256)
]
_LIGHT = np.arange(65536) / 65535
TO_CODE = np.round(
    255 * np.where(_LIGHT <= 0.0031308, _LIGHT * 12.92, 1.055 * _LIGHT ** (1 / 2.4) - 0.055)
).astype(int)


def decoded(content: bytes, size: Size, times: int | None) -> Image.Image:
    """Reduced by libjpeg to no less than `times` what is wanted; None: not at all."""
    image = Image.open(BytesIO(content))
    if times is not None:
        image.draft(None, (size[0] * times, size[1] * times))
    image.load()
    return image


def full(content: bytes, size: Size, kernel: Image.Resampling, gap: float | None) -> Image.Image:
    return decoded(content, size, None).resize(size, kernel, reducing_gap=gap)


def draft(content: bytes, size: Size, times: int, gap: float | None = None) -> Image.Image:
    return decoded(content, size, times).resize(size, LANCZOS, reducing_gap=gap)


def light(content: bytes, size: Size, times: int | None) -> Image.Image:
    """Each channel as 16-bit light, reduced, coded again: all that Pillow has for it."""
    channels = decoded(content, size, times).split()
    reduced = (channel.point(TO_LIGHT, "F").resize(size, LANCZOS) for channel in channels)
    coded = (c.point(lambda v: v + 0.5).convert("I").point(TO_CODE.tolist(), "L") for c in reduced)
    return Image.merge("RGB", list(coded))


def as_webp(image: Image.Image) -> Image.Image:
    out = BytesIO()
    image.save(out, "WEBP", quality=80)
    return Image.open(out).convert("RGB")


WAYS: dict[str, Way] = {
    "all pixels, Lanczos": lambda content, size: full(content, size, LANCZOS, None),
    "all pixels, box to 3×, Lanczos": lambda content, size: full(content, size, LANCZOS, 3.0),
    "all pixels, box to 2×, Lanczos": lambda content, size: full(content, size, LANCZOS, 2.0),
    "all pixels, box": lambda content, size: full(content, size, BOX, None),
    "draft to 1×, Lanczos": lambda content, size: draft(content, size, 1),
    "draft to 2×, Lanczos": lambda content, size: draft(content, size, 2),
    "draft to 2×, box to 3×, Lanczos (ours)": lambda content, size: draft(content, size, 2, 3.0),
    "draft to 3×, Lanczos": lambda content, size: draft(content, size, 3),
    "ours, then WebP at quality 80": lambda content, size: as_webp(draft(content, size, 2, 3.0)),
    "all pixels, Lanczos on light": lambda content, size: light(content, size, None),
    "draft to 2×, Lanczos on light": lambda content, size: light(content, size, 2),
}


def table() -> str:
    """Markdown: milliseconds (the least of REPEATS, mean over pictures), and likeness."""
    contents = [_coded(name) for name in TRIED]
    heads = " | ".join(f"{side}: ms, as coded, as light" for side in SIDES)
    rows = [f"| {FROM[0]} × {FROM[1]} to | {heads} |", "|---" * (len(SIDES) + 1) + "|"]
    for name, way in WAYS.items():
        cells = [_cell(way, contents, (side, side * 3 // 4)) for side in SIDES]
        rows.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(rows)


def _coded(name: str) -> bytes:
    out = BytesIO()
    SCENES[name](FROM).save(out, "JPEG", quality=92)
    return out.getvalue()


def _cell(way: Way, contents: list[bytes], size: Size) -> str:
    results = []
    for content in contents:
        took = []
        for _ in range(REPEATS):
            begun = time.perf_counter()
            image = way(content, size)
            took.append((time.perf_counter() - begun) * 1000)
        as_coded, as_light = full(content, size, LANCZOS, None), light(content, size, None)
        found = (psnr(image, as_coded), ssim(image, as_light))
        results.append((min(took), min(found[0], 99.0), psnr(image, as_light), found[1]))
    ms, coded, lit, likeness = np.mean(
        [[*row[:2], min(row[2], 99.0), row[3]] for row in results], 0
    )
    return f"{ms:.0f} ms, {coded:.1f} dB, {lit:.1f} dB {likeness:.4f}"
